import { userRoute } from "@/lib/http";
import { userRepository } from "@/lib/users/repository";
import { retentionSchema } from "@/lib/webhook-events/schema";

export const PATCH = userRoute({ body: retentionSchema }, ({ userId, body }) =>
  userRepository.update(userId, body),
);
