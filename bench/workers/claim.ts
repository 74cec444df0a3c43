import { answer } from "@/bench/workers/answer";
import { messageRepository, type QueuePosition } from "@/lib/messages/repository";
import type { UserId } from "@/lib/tenant";

const BATCH = 500;

/** Claims messages of a campaign batch by batch, each where the one before ended. */
answer<{ userId: UserId; campaignId: string; owner: string; count: number }>(
  async ({ userId, campaignId, owner, count }) => {
    const startedAt = performance.now();
    let claimed = 0;
    let after: QueuePosition | null = null;
    while (claimed < count) {
      const batch = await messageRepository.claim(userId, campaignId, {
        owner,
        size: BATCH,
        after,
        isLimited: false,
      });
      if (batch.position === null) break;
      claimed += batch.claimed.length;
      after = batch.position;
    }
    return { claimed, seconds: (performance.now() - startedAt) / 1000 };
  },
);
