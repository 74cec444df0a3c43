import { inngest } from "@/inngest/client";
import { laneReady } from "@/inngest/events";
import { sendSlice } from "@/lib/lanes/service";

/** Far below Inngest's 1,000 steps per run; a longer queue goes on in a fresh run. */
const SLICES_PER_RUN = 200;
/**
 * What waits longer is left to the sweep. It wakes a lane that rests while messages are due, as it does while WhatsApp is
 * out of order, every minute: runs that waited longer would grow in number.
 */
const MAX_WAIT_MS = 45_000;

/** Sends for all campaigns of an account, one slice at a time, until nothing is queued. */
export const sendLane = inngest.createFunction(
  { id: "send-lane", triggers: [laneReady], concurrency: { key: "event.data.userId", limit: 1 }, retries: 3 },
  async ({ event, step }) => {
    for (let slice = 0; slice < SLICES_PER_RUN; slice++) {
      const { waitMs } = await step.run(`send-slice-${slice}`, () => sendSlice(event.data.userId));
      if (waitMs === null || waitMs > MAX_WAIT_MS) return;
      if (waitMs > 0) await step.sleep(`until-due-${slice}`, `${Math.ceil(waitMs / 1000)}s`);
    }
    await step.sendEvent("continue", laneReady.create(event.data));
  },
);
