import { campaignRepository } from "@/lib/campaigns/repository";
import { campaignListSchema, createCampaignSchema } from "@/lib/campaigns/schema";
import { createCampaign } from "@/lib/campaigns/service";
import { userRoute } from "@/lib/http";

export const GET = userRoute({ query: campaignListSchema }, ({ userId, query }) =>
  campaignRepository.list(userId, query),
);

export const POST = userRoute({ body: createCampaignSchema }, async ({ userId, body }) =>
  Response.json(await createCampaign(userId, body), { status: 201 }),
);
