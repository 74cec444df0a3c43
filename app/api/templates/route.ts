import { userRoute } from "@/lib/http";
import { templateRepository } from "@/lib/templates/repository";
import { createTemplateSchema, templateListSchema } from "@/lib/templates/schema";
import { createTemplate } from "@/lib/templates/service";

export const GET = userRoute({ query: templateListSchema }, ({ userId, query }) =>
  templateRepository.list(userId, query),
);

export const POST = userRoute({ body: createTemplateSchema }, async ({ userId, body }) =>
  Response.json(await createTemplate(userId, body), { status: 201 }),
);
