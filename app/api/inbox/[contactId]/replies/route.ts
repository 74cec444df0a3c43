import { userRoute } from "@/lib/http";
import { conversationParamsSchema, replySchema } from "@/lib/inbox/schema";
import { sendReply } from "@/lib/inbox/service";

export const POST = userRoute(
  { params: conversationParamsSchema, body: replySchema },
  ({ userId, params, body }) => sendReply(userId, params.contactId, body),
);
