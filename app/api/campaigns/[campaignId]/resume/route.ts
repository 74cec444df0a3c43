import { campaignParamsSchema } from "@/lib/campaigns/schema";
import { resumeCampaign } from "@/lib/campaigns/service";
import { userRoute } from "@/lib/http";

export const POST = userRoute({ params: campaignParamsSchema }, ({ userId, params }) =>
  resumeCampaign(userId, params.campaignId),
);
