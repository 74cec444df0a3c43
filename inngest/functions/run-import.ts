import { inngest } from "@/inngest/client";
import { importConfirmed } from "@/inngest/events";
import { failImport, runImport as run } from "@/lib/imports/service";

/** Imports an uploaded file in one step, which goes on where it stopped when it is repeated. */
export const runImport = inngest.createFunction(
  {
    id: "run-import",
    triggers: [importConfirmed],
    concurrency: { key: "event.data.importId", limit: 1 },
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
    await step.run("import", () => run(event.data.userId, event.data.importId));
  },
);
