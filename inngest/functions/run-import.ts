import { inngest } from "@/inngest/client";
import { importConfirmed } from "@/inngest/events";
import { runImportProcess } from "@/inngest/processes/run";
import { failImport } from "@/lib/import-runs/service";
import { logger } from "@/lib/logger";

/**
 * Imports an uploaded file in one step, which goes on where it stopped when it is repeated. An account's imports wait for
 * each other: here in the queue, and after a crash until the lease of the process that died is over.
 */
export const runImport = inngest.createFunction(
  {
    id: "run-import",
    triggers: [importConfirmed],
    concurrency: { key: "event.data.userId", limit: 1 },
    onFailure: async ({ event }) => {
      // Inngest types the original event as `any` here.
      const { userId, importId } = importConfirmed.schema.parse(event.data.event.data);
      await failImport(
        userId,
        importId,
        "The import stopped because of a problem on our side. The people imported so far are kept; upload the file again to go on.",
      );
    },
  },
  async ({ event, step }) => {
    const { userId, importId } = event.data;
    for (let turn = 1; ; turn++) {
      const outcome = await step.run(`import-${turn}`, async () => {
        const { outcome, peakMemory } = await runImportProcess(userId, importId);
        logger.info({ importId, outcome, peakMemory }, "an import's process ended");
        return outcome;
      });
      if (outcome === "ended") return;
      await step.sleep(`turn-${turn}`, "5s");
    }
  },
);
