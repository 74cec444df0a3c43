import { userRoute } from "@/lib/http";
import { userRepository } from "@/lib/users/repository";
import { sendingSchema } from "@/lib/users/schema";

export const PATCH = userRoute({ body: sendingSchema }, ({ userId, body }) =>
  userRepository.update(userId, body),
);
