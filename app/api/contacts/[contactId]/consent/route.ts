import { consentRepository } from "@/lib/consent/repository";
import { contactIdSchema, setConsentSchema } from "@/lib/contacts/schema";
import { userRoute } from "@/lib/http";

export const POST = userRoute(
  { params: contactIdSchema, body: setConsentSchema },
  async ({ userId, params, body }) => {
    await consentRepository.set(userId, params.contactId, {
      ...body,
      source: "manual",
      actor: userId,
    });
  },
);
