import { campaignRepository } from "@/lib/campaigns/repository";
import { audiencePreviewSchema } from "@/lib/campaigns/schema";
import { userRoute } from "@/lib/http";

/** How many people an audience has now, and what the first of them would read. */
export const POST = userRoute({ body: audiencePreviewSchema }, async ({ userId, body }) => {
  const [recipients, samples] = await Promise.all([
    campaignRepository.countAudience(userId, body.audience),
    campaignRepository.previewAudience(userId, body.audience, body.messageContent.parameters),
  ]);
  return { recipients, samples };
});
