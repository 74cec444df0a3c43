import { userRoute } from "@/lib/http";
import { changePasswordSchema } from "@/lib/users/schema";
import { changePassword } from "@/lib/users/service";

export const POST = userRoute({ body: changePasswordSchema }, ({ userId, body }) =>
  changePassword(userId, body),
);
