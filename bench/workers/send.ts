import { setTimeout as sleep } from "node:timers/promises";
import { answer } from "@/bench/workers/answer";
import { sendSlice } from "@/lib/lanes/service";
import type { UserId } from "@/lib/tenant";

/** Sends everything that an account has queued, as the job engine would have it sent: slice after slice. */
answer<{ userId: UserId }>(async ({ userId }) => {
  const startedAt = performance.now();
  for (;;) {
    const { waitMs } = await sendSlice(userId);
    if (waitMs === null) break;
    await sleep(waitMs);
  }
  return { seconds: (performance.now() - startedAt) / 1000 };
});
