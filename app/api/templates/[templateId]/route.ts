import { userRoute } from "@/lib/http";
import { templateRepository } from "@/lib/templates/repository";
import { templateParamsSchema, updateTemplateSchema } from "@/lib/templates/schema";
import { deleteTemplate, updateTemplate } from "@/lib/templates/service";

export const GET = userRoute({ params: templateParamsSchema }, ({ userId, params }) =>
  templateRepository.get(userId, params.templateId),
);

export const PATCH = userRoute(
  { params: templateParamsSchema, body: updateTemplateSchema },
  ({ userId, params, body }) => updateTemplate(userId, params.templateId, body),
);

export const DELETE = userRoute({ params: templateParamsSchema }, ({ userId, params }) =>
  deleteTemplate(userId, params.templateId),
);
