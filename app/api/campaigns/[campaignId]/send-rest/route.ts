import { campaignParamsSchema } from "@/lib/campaigns/schema";
import { sendRest } from "@/lib/campaigns/service";
import { userRoute } from "@/lib/http";

export const POST = userRoute({ params: campaignParamsSchema }, ({ userId, params }) =>
  sendRest(userId, params.campaignId),
);
