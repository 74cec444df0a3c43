import { campaignParamsSchema, scheduleSchema } from "@/lib/campaigns/schema";
import { scheduleCampaign, unscheduleCampaign } from "@/lib/campaigns/service";
import { userRoute } from "@/lib/http";

export const POST = userRoute(
  { params: campaignParamsSchema, body: scheduleSchema },
  ({ userId, params, body }) => scheduleCampaign(userId, params.campaignId, body),
);

export const DELETE = userRoute({ params: campaignParamsSchema }, ({ userId, params }) =>
  unscheduleCampaign(userId, params.campaignId),
);
