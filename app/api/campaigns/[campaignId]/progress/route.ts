import { campaignParamsSchema } from "@/lib/campaigns/schema";
import { progressOf } from "@/lib/campaigns/service";
import { userRoute } from "@/lib/http";

export const GET = userRoute({ params: campaignParamsSchema }, ({ userId, params }) =>
  progressOf(userId, params.campaignId),
);
