import { campaignRepository } from "@/lib/campaigns/repository";
import { audiencePreviewSchema } from "@/lib/campaigns/schema";
import { userRoute } from "@/lib/http";

/** How many people an audience has now, and what the first of them would read. */
export const POST = userRoute({ body: audiencePreviewSchema }, async ({ userId, body }) => {
  const { audience, messageType, messageContent } = body;
  const [recipients, withinWindow, samples] = await Promise.all([
    campaignRepository.countAudience(userId, audience),
    messageType === "text" ? campaignRepository.countWithinWindow(userId, audience) : null,
    campaignRepository.previewAudience(userId, audience, messageContent.parameters),
  ]);
  return { recipients, withinWindow, samples };
});
