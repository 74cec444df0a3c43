import { inngest } from "@/inngest/client";
import { replayStarted } from "@/inngest/events";
import { failReplay, replayNext } from "@/lib/replays/service";

/** Far below Inngest's 1,000 steps per run; a longer replay goes on in a fresh run. */
const BATCHES_PER_RUN = 200;

/** Processes a range of webhook events once more, batch by batch, beside whatever comes in. */
export const replayEvents = inngest.createFunction(
  {
    id: "replay-events",
    triggers: [replayStarted],
    concurrency: { key: "event.data.userId", limit: 1 },
    retries: 3,
    onFailure: async ({ event }) => {
      // Inngest types the original event as `any` here.
      const { userId, replayId } = replayStarted.schema.parse(event.data.event.data);
      await failReplay(userId, replayId);
    },
  },
  async ({ event, step }) => {
    const { userId, replayId } = event.data;
    for (let batch = 0; batch < BATCHES_PER_RUN; batch++) {
      if (!(await step.run(`replay-batch-${batch}`, () => replayNext(userId, replayId)))) return;
    }
    await step.sendEvent("continue", replayStarted.create(event.data));
  },
);
