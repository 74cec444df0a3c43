import { campaignRepository } from "@/lib/campaigns/repository";
import { campaignParamsSchema, recipientListSchema } from "@/lib/campaigns/schema";
import { userRoute } from "@/lib/http";
import { messageRepository } from "@/lib/messages/repository";

export const GET = userRoute(
  { params: campaignParamsSchema, query: recipientListSchema },
  async ({ userId, params, query }) => {
    await campaignRepository.get(userId, params.campaignId);
    return messageRepository.listRecipients(userId, params.campaignId, query);
  },
);
