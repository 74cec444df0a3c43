import { userRoute } from "@/lib/http";
import { segmentRepository } from "@/lib/segments/repository";
import { segmentIdSchema, segmentSchema } from "@/lib/segments/schema";

export const PATCH = userRoute({ params: segmentIdSchema, body: segmentSchema }, ({ userId, params, body }) =>
  segmentRepository.update(userId, params.segmentId, body),
);

export const DELETE = userRoute({ params: segmentIdSchema }, ({ userId, params }) =>
  segmentRepository.remove(userId, params.segmentId),
);
