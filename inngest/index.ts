import { cleanUp } from "@/inngest/functions/clean-up";
import { freezeCampaignAudience } from "@/inngest/functions/freeze-audience";
import { replayEvents } from "@/inngest/functions/replay-events";
import { runBulkAction } from "@/inngest/functions/run-bulk-action";
import { runImport } from "@/inngest/functions/run-import";
import { sendLane } from "@/inngest/functions/send-lane";
import { startCampaign } from "@/inngest/functions/start-campaign";
import { sweep } from "@/inngest/functions/sweep";
import { undoImport } from "@/inngest/functions/undo-import";

/** Everything that happens in the background. */
export const functions = [
  startCampaign,
  freezeCampaignAudience,
  sendLane,
  runImport,
  replayEvents,
  undoImport,
  runBulkAction,
  sweep,
  cleanUp,
];
