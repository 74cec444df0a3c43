import * as z from "zod";
import { contactFilterRepository } from "@/lib/contact-filters/repository";
import { filterSchema } from "@/lib/contact-filters/schema";
import { userRoute } from "@/lib/http";

export const POST = userRoute({ body: z.object({ filter: filterSchema }) }, ({ userId, body }) =>
  contactFilterRepository.count(userId, body.filter),
);
