import { inngest } from "@/inngest/client";
import { bulkActionCreated } from "@/inngest/events";
import { runBulkAction as run } from "@/lib/bulk-actions/service";

/** Far below Inngest's 1,000 steps per run; what is left after that goes on in a fresh run. */
const SLICES_PER_RUN = 200;

/** Does the same to many contacts, a thousand per transaction, a few seconds per step. */
export const runBulkAction = inngest.createFunction(
  {
    id: "run-bulk-action",
    triggers: [bulkActionCreated],
    concurrency: { key: "event.data.bulkActionId", limit: 1 },
    retries: 3,
  },
  async ({ event, step }) => {
    const { userId, bulkActionId } = event.data;
    for (let slice = 0; slice < SLICES_PER_RUN; slice++) {
      if (!(await step.run(`slice-${slice}`, () => run(userId, bulkActionId)))) return;
    }
    await step.sendEvent("continue", bulkActionCreated.create(event.data));
  },
);
