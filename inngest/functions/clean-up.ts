import { cron } from "inngest";
import { inngest } from "@/inngest/client";
import { contactFieldRepository } from "@/lib/contact-fields/repository";
import { webhookEventRepository } from "@/lib/webhook-events/repository";
import { DEFAULT_EVENT_DAYS } from "@/lib/webhook-events/schema";

/** What takes a few seconds: no step lasts longer than a serverless host allows. */
const DELETED_PER_STEP = 100_000;
/** More than can have come in a day. What is left after all waits for the next night. */
const MAX_STEPS = 500;

/** Every night: webhook events are kept for as many days as their account wants, and names of fields while somebody has one. */
export const cleanUp = inngest.createFunction(
  { id: "clean-up", triggers: [cron("17 3 * * *")], concurrency: { limit: 1 } },
  async ({ step }) => {
    for (let part = 0; part < MAX_STEPS; part++) {
      const deleted = await step.run(`delete-old-webhook-events-${part}`, () =>
        webhookEventRepository.deleteOldEvents(DEFAULT_EVENT_DAYS, DELETED_PER_STEP),
      );
      if (deleted < DELETED_PER_STEP) break;
    }
    for (let part = 0; part < MAX_STEPS; part++) {
      const looked = await step.run(`forget-unused-fields-${part}`, () =>
        contactFieldRepository.forgetUnusedOfAllTenants(),
      );
      if (looked === 0) return;
    }
  },
);
