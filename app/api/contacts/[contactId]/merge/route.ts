import { contactIdSchema } from "@/lib/contacts/schema";
import { userRoute } from "@/lib/http";
import { identityRepository } from "@/lib/identity/repository";
import { mergeSchema } from "@/lib/identity/schema";

export const GET = userRoute({ params: contactIdSchema, query: mergeSchema }, ({ userId, params, query }) =>
  identityRepository.previewMerge(userId, params.contactId, query.otherId),
);

export const POST = userRoute({ params: contactIdSchema, body: mergeSchema }, ({ userId, params, body }) =>
  identityRepository.merge(userId, params.contactId, body.otherId, userId),
);
