import { publicRoute } from "@/lib/http";
import { signUpSchema } from "@/lib/users/schema";
import { signUp } from "@/lib/users/service";

export const POST = publicRoute({ body: signUpSchema }, async ({ body }) =>
  Response.json({ id: await signUp(body) }, { status: 201 }),
);
