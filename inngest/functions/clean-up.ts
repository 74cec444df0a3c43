import { cron } from "inngest";
import { inngest } from "@/inngest/client";
import { webhookEventRepository } from "@/lib/webhook-events/repository";

const WEBHOOK_EVENT_DAYS = 90;

/** Every night: the audit trail of webhooks is kept for 90 days. */
export const cleanUp = inngest.createFunction(
  { id: "clean-up", triggers: [cron("17 3 * * *")] },
  ({ step }) =>
    step.run("delete-old-webhook-events", () => webhookEventRepository.deleteOldEvents(WEBHOOK_EVENT_DAYS)),
);
