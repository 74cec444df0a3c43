import { userRoute } from "@/lib/http";
import { templateParamsSchema } from "@/lib/templates/schema";
import { submitTemplate } from "@/lib/templates/service";

export const POST = userRoute({ params: templateParamsSchema }, ({ userId, params }) =>
  submitTemplate(userId, params.templateId),
);
