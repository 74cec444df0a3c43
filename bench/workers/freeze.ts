import { answer } from "@/bench/workers/answer";
import { audienceRepository } from "@/lib/audiences/repository";
import type { UserId } from "@/lib/tenant";

answer<{ userId: UserId; campaignId: string }>(async ({ userId, campaignId }) => {
  const startedAt = performance.now();
  await audienceRepository.freeze(userId, campaignId);
  return { seconds: (performance.now() - startedAt) / 1000 };
});
