import { campaignParamsSchema } from "@/lib/campaigns/schema";
import { checkCampaign } from "@/lib/campaigns/service";
import { userRoute } from "@/lib/http";

export const GET = userRoute({ params: campaignParamsSchema }, ({ userId, params }) =>
  checkCampaign(userId, params.campaignId),
);
