import { userRoute } from "@/lib/http";
import { inboxRepository } from "@/lib/inbox/repository";
import { conversationListSchema } from "@/lib/inbox/schema";

export const GET = userRoute({ query: conversationListSchema }, ({ userId, query }) =>
  inboxRepository.list(userId, query),
);
