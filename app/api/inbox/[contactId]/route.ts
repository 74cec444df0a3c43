import { userRoute } from "@/lib/http";
import { inboxRepository } from "@/lib/inbox/repository";
import { conversationParamsSchema, entryListSchema } from "@/lib/inbox/schema";

export const GET = userRoute(
  { params: conversationParamsSchema, query: entryListSchema },
  async ({ userId, params: { contactId }, query }) => {
    // In this order: whatever the person's last message is by then, is among the entries.
    const person = await inboxRepository.get(userId, contactId);
    return { person, entries: await inboxRepository.listEntries(userId, contactId, query.before) };
  },
);
