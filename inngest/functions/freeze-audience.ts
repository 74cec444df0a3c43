import { inngest } from "@/inngest/client";
import { campaignStarted, laneReady } from "@/inngest/events";
import { freezeAudience } from "@/lib/campaigns/service";

/** Fixes who receives a campaign, then wakes the account's lane. */
export const freezeCampaignAudience = inngest.createFunction(
  {
    id: "freeze-audience",
    triggers: [campaignStarted],
    concurrency: { key: "event.data.campaignId", limit: 1 },
    retries: 3,
  },
  async ({ event, step }) => {
    const { userId, campaignId } = event.data;
    await step.run("freeze", () => freezeAudience(userId, campaignId));
    await step.sendEvent("wake-lane", laneReady.create({ userId }));
  },
);
