import { campaignParamsSchema } from "@/lib/campaigns/schema";
import { pauseCampaign } from "@/lib/campaigns/service";
import { userRoute } from "@/lib/http";

export const POST = userRoute({ params: campaignParamsSchema }, ({ userId, params }) =>
  pauseCampaign(userId, params.campaignId),
);
