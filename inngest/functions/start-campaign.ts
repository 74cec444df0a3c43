import { inngest } from "@/inngest/client";
import { campaignScheduled, campaignStarted, campaignUnscheduled } from "@/inngest/events";
import { startDueCampaign } from "@/lib/campaigns/service";

/** Waits for a campaign's hour and begins it; the sweep does the same for hours that were missed. */
export const startCampaign = inngest.createFunction(
  {
    id: "start-campaign",
    triggers: [campaignScheduled],
    cancelOn: [{ event: campaignUnscheduled, if: "async.data.campaignId == event.data.campaignId" }],
  },
  async ({ event, step }) => {
    const { userId, campaignId, scheduledAt } = event.data;
    await step.sleepUntil("until-scheduled", scheduledAt);
    const isStarted = await step.run("start", () => startDueCampaign(userId, campaignId));
    if (isStarted) await step.sendEvent("announce", campaignStarted.create({ userId, campaignId }));
  },
);
