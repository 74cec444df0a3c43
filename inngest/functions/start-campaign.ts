import { inngest } from "@/inngest/client";
import { campaignScheduled, campaignStarted, campaignUnscheduled } from "@/inngest/events";
import { startDueCampaign } from "@/lib/campaigns/service";

/** Inngest rounds to whole seconds and may wake a run up to half a second early. */
const EARLY_BY_MS = 1000;

/** Waits for a campaign's hour and begins it; the sweep does the same for hours that were missed. */
export const startCampaign = inngest.createFunction(
  {
    id: "start-campaign",
    triggers: [campaignScheduled],
    cancelOn: [{ event: campaignUnscheduled, if: "async.data.campaignId == event.data.campaignId" }],
    retries: 3,
  },
  async ({ event, step }) => {
    const { userId, campaignId, scheduledAt } = event.data;
    await step.sleepUntil("until-scheduled", new Date(Date.parse(scheduledAt) + EARLY_BY_MS));
    const isStarted = await step.run("start", () => startDueCampaign(userId, campaignId));
    if (isStarted) await step.sendEvent("announce", campaignStarted.create({ userId, campaignId }));
  },
);
