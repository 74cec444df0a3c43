import { campaignRepository } from "@/lib/campaigns/repository";
import type { Filter } from "@/lib/contact-filters/schema";
import type { Names } from "@/lib/contact-filters/words";
import { importRepository } from "@/lib/imports/repository";
import type { UserId } from "@/lib/tenant";

/** What the ids in filters stand for. */
export async function loadNames(userId: UserId, filters: Filter[]): Promise<Names> {
  const campaignIds = new Set<string>();
  const importIds = new Set<string>();
  for (const condition of filters.flat()) {
    if (condition.field === "campaign") campaignIds.add(condition.campaignId);
    if (condition.field === "imported") importIds.add(condition.importId);
  }
  const [campaigns, imports] = await Promise.all([
    Promise.all([...campaignIds].map((id) => campaignRepository.find(userId, id))),
    Promise.all([...importIds].map((id) => importRepository.find(userId, id))),
  ]);
  return {
    campaigns: Object.fromEntries(campaigns.flatMap((found) => (found ? [[found.id, found.name]] : []))),
    imports: Object.fromEntries(imports.flatMap((found) => (found ? [[found.id, found.fileName]] : []))),
  };
}
