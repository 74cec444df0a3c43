import { contactTimelineRepository } from "@/lib/contact-timelines/repository";
import { contactRepository } from "@/lib/contacts/repository";
import { contactIdSchema } from "@/lib/contacts/schema";
import { userRoute } from "@/lib/http";
import { entryListSchema } from "@/lib/inbox/schema";

export const GET = userRoute(
  { params: contactIdSchema, query: entryListSchema },
  async ({ userId, params, query }) => {
    const { id } = await contactRepository.get(userId, params.contactId);
    return contactTimelineRepository.page(userId, id, query.before);
  },
);
