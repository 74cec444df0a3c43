import { userRoute } from "@/lib/http";
import { inboxRepository } from "@/lib/inbox/repository";
import { conversationParamsSchema, seenSchema } from "@/lib/inbox/schema";

export const POST = userRoute(
  { params: conversationParamsSchema, body: seenSchema },
  ({ userId, params, body }) => inboxRepository.see(userId, params.contactId, body.messageId),
);
