import { answer } from "@/bench/workers/answer";
import { campaignRepository } from "@/lib/campaigns/repository";
import type { UserId } from "@/lib/tenant";

answer<{ userId: UserId; campaignId: string }>(async ({ userId, campaignId }) => {
  const startedAt = performance.now();
  await campaignRepository.freeze(userId, campaignId);
  return { seconds: (performance.now() - startedAt) / 1000 };
});
