import { campaignParamsSchema } from "@/lib/campaigns/schema";
import { counterRepository } from "@/lib/counters/repository";
import { userRoute } from "@/lib/http";

export const POST = userRoute({ params: campaignParamsSchema }, ({ userId, params }) =>
  counterRepository.recount(userId, params.campaignId),
);
