import { campaignRepository } from "@/lib/campaigns/repository";
import { campaignParamsSchema, updateCampaignSchema } from "@/lib/campaigns/schema";
import { removeCampaign, updateCampaign } from "@/lib/campaigns/service";
import { userRoute } from "@/lib/http";

export const GET = userRoute({ params: campaignParamsSchema }, ({ userId, params }) =>
  campaignRepository.get(userId, params.campaignId),
);

export const PATCH = userRoute(
  { params: campaignParamsSchema, body: updateCampaignSchema },
  ({ userId, params, body }) => updateCampaign(userId, params.campaignId, body),
);

export const DELETE = userRoute({ params: campaignParamsSchema }, ({ userId, params }) =>
  removeCampaign(userId, params.campaignId),
);
