import { campaignParamsSchema } from "@/lib/campaigns/schema";
import { cancelCampaign } from "@/lib/campaigns/service";
import { userRoute } from "@/lib/http";

export const POST = userRoute({ params: campaignParamsSchema }, ({ userId, params }) =>
  cancelCampaign(userId, params.campaignId),
);
