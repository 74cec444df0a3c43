import { userRoute } from "@/lib/http";
import { inboxRepository } from "@/lib/inbox/repository";

export const GET = userRoute({}, async ({ userId }) => ({
  count: await inboxRepository.countUnread(userId),
}));
