import { userRoute } from "@/lib/http";
import { userRepository } from "@/lib/users/repository";
import { profileSchema } from "@/lib/users/schema";

export const PATCH = userRoute({ body: profileSchema }, ({ userId, body }) =>
  userRepository.update(userId, body),
);
