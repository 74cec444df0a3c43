import { eventType } from "inngest";
import * as z from "zod";
import { userIdSchema } from "@/lib/tenant";

const campaign = z.object({ userId: userIdSchema, campaignId: z.uuid() });
const importJob = z.object({ userId: userIdSchema, importId: z.uuid() });

/** A campaign waits for its hour. */
export const campaignScheduled = eventType("campaign/scheduled", {
  schema: campaign.extend({ scheduledAt: z.iso.datetime({ offset: true }) }),
});
/** A campaign's schedule no longer holds: canceled, moved or taken back. */
export const campaignUnscheduled = eventType("campaign/unscheduled", { schema: campaign });
/** A campaign began; its audience is to be frozen. */
export const campaignStarted = eventType("campaign/started", { schema: campaign });
/** An account has queued messages that may be sent now. */
export const laneReady = eventType("lane/ready", { schema: z.object({ userId: userIdSchema }) });
/** A server has come up: whatever one before it left behind is to be taken up at once. */
export const serverStarted = eventType("server/started");
/** The owner has chosen the columns of an uploaded file. */
export const importConfirmed = eventType("import/confirmed", { schema: importJob });
/** The owner takes an import back. */
export const importUndone = eventType("import/undone", { schema: importJob });
/** The owner wants webhook events processed once more. */
export const replayStarted = eventType("replay/started", {
  schema: z.object({ userId: userIdSchema, replayId: z.uuid() }),
});
/** The owner wants the same done to many contacts. */
export const bulkActionCreated = eventType("bulk-action/created", {
  schema: z.object({ userId: userIdSchema, bulkActionId: z.uuid() }),
});
