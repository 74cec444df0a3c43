import { contactRepository } from "@/lib/contacts/repository";
import { contactIdSchema, updateContactSchema } from "@/lib/contacts/schema";
import { updateContact } from "@/lib/contacts/service";
import { userRoute } from "@/lib/http";

export const GET = userRoute({ params: contactIdSchema }, ({ userId, params }) =>
  contactRepository.get(userId, params.contactId),
);

export const PATCH = userRoute(
  { params: contactIdSchema, body: updateContactSchema },
  ({ userId, params, body }) => updateContact(userId, params.contactId, body),
);

export const DELETE = userRoute({ params: contactIdSchema }, ({ userId, params }) =>
  contactRepository.remove(userId, params.contactId),
);
