import { userRoute } from "@/lib/http";
import { inboxRepository } from "@/lib/inbox/repository";
import { conversationParamsSchema, entryListSchema } from "@/lib/inbox/schema";

export const GET = userRoute(
  { params: conversationParamsSchema, query: entryListSchema },
  async ({ userId, params: { contactId }, query }) => {
    const [person, entries] = await Promise.all([
      inboxRepository.get(userId, contactId),
      inboxRepository.listEntries(userId, contactId, query.before),
    ]);
    return { person, entries };
  },
);
