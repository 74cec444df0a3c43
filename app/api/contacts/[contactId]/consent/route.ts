import { contactRepository } from "@/lib/contacts/repository";
import { contactIdSchema, setConsentSchema } from "@/lib/contacts/schema";
import { userRoute } from "@/lib/http";

export const POST = userRoute(
  { params: contactIdSchema, body: setConsentSchema },
  async ({ userId, params, body }) => {
    await contactRepository.setConsent(userId, params.contactId, {
      ...body,
      source: "manual",
      actor: userId,
    });
  },
);
