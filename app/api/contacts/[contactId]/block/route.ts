import { contactRepository } from "@/lib/contacts/repository";
import { blockContactSchema, contactIdSchema } from "@/lib/contacts/schema";
import { userRoute } from "@/lib/http";

export const POST = userRoute(
  { params: contactIdSchema, body: blockContactSchema },
  ({ userId, params, body }) =>
    body.blocked
      ? contactRepository.block(userId, params.contactId, body.reason || null)
      : contactRepository.unblock(userId, params.contactId),
);
