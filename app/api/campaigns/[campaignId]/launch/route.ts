import { campaignParamsSchema } from "@/lib/campaigns/schema";
import { launchCampaign } from "@/lib/campaigns/service";
import { userRoute } from "@/lib/http";

export const POST = userRoute({ params: campaignParamsSchema }, ({ userId, params }) =>
  launchCampaign(userId, params.campaignId),
);
