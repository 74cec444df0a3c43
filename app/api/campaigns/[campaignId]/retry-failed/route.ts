import { campaignParamsSchema } from "@/lib/campaigns/schema";
import { retryFailed } from "@/lib/campaigns/service";
import { userRoute } from "@/lib/http";

export const POST = userRoute({ params: campaignParamsSchema }, ({ userId, params }) =>
  retryFailed(userId, params.campaignId),
);
