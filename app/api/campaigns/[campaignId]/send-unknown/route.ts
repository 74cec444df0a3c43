import { campaignParamsSchema } from "@/lib/campaigns/schema";
import { sendUnknown } from "@/lib/campaigns/service";
import { userRoute } from "@/lib/http";

export const POST = userRoute({ params: campaignParamsSchema }, ({ userId, params }) =>
  sendUnknown(userId, params.campaignId),
);
