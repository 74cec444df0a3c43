import { userRoute } from "@/lib/http";
import { segmentRepository } from "@/lib/segments/repository";
import { segmentSchema } from "@/lib/segments/schema";

export const POST = userRoute({ body: segmentSchema }, async ({ userId, body }) =>
  Response.json(await segmentRepository.create(userId, body), { status: 201 }),
);
