import { notFound } from "next/navigation";
import { cache } from "react";
import { requireUser } from "@/lib/auth";
import { campaignRepository } from "@/lib/campaigns/repository";
import { campaignParamsSchema } from "@/lib/campaigns/schema";

/** The campaign for the page and its title. Somebody else's, and an id that cannot exist, are not found. */
export const loadCampaign = cache(async (campaignId: string) => {
  const userId = await requireUser();
  const params = campaignParamsSchema.safeParse({ campaignId });
  const campaign = params.success ? await campaignRepository.find(userId, campaignId) : null;
  return { userId, campaign: campaign ?? notFound() };
});
