import { cron } from "inngest";
import { inngest } from "@/inngest/client";
import { serverStarted } from "@/inngest/events";
import { sweepBulkActions } from "@/lib/bulk-actions/service";
import { sweepCampaigns } from "@/lib/campaigns/service";
import { sendConfirmations } from "@/lib/confirmations/service";
import { sweepUndos } from "@/lib/import-undos/service";
import { sweepImports } from "@/lib/imports/service";
import { logger } from "@/lib/logger";
import { sweepMessages } from "@/lib/messages/service";
import { sweepReplays } from "@/lib/replays/service";
import { sweepTemplates } from "@/lib/templates/service";
import { processParkedEvents, processWebhookEvents } from "@/lib/webhook-events/service";

const duties = {
  "sweep-messages": sweepMessages,
  "sweep-campaigns": sweepCampaigns,
  "sweep-imports": sweepImports,
  "sweep-undos": sweepUndos,
  "sweep-bulk-actions": sweepBulkActions,
  "sweep-templates": sweepTemplates,
  "sweep-replays": sweepReplays,
  "process-webhooks": processWebhookEvents,
  "process-parked-webhooks": processParkedEvents,
  "send-confirmations": sendConfirmations,
};

/**
 * The guarantee behind every event: whatever was lost on the way is found here within a minute, and at once after a
 * restart. A duty that fails keeps no other from being done.
 */
export const sweep = inngest.createFunction(
  { id: "sweep", triggers: [cron("* * * * *"), serverStarted], concurrency: { limit: 1 }, retries: 0 },
  async ({ step }) => {
    for (const [id, duty] of Object.entries(duties)) {
      await step.run(id, () =>
        duty().catch((error: unknown) =>
          logger.error({ duty: id, error: String(error) }, "a duty of the sweep failed"),
        ),
      );
    }
  },
);
