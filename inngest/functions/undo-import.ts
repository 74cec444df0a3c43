import { inngest } from "@/inngest/client";
import { importUndone } from "@/inngest/events";
import { undoImport as undo } from "@/lib/import-undos/service";

/** Takes an import back; it goes on where it stopped when it is repeated. */
export const undoImport = inngest.createFunction(
  { id: "undo-import", triggers: [importUndone], concurrency: { key: "event.data.userId", limit: 1 } },
  async ({ event, step }) => {
    const { userId, importId } = event.data;
    for (let turn = 1; ; turn++) {
      const outcome = await step.run(`undo-${turn}`, () => undo(userId, importId));
      if (outcome === "ended") return;
      await step.sleep(`turn-${turn}`, "5s");
    }
  },
);
