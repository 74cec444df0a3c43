import * as z from "zod";

/** How many days webhook events are kept where nobody chose another number. */
export const DEFAULT_EVENT_DAYS = 90;
const MIN_DAYS = 7;
const MAX_DAYS = 365;

const outOfRange = `Enter ${MIN_DAYS} to ${MAX_DAYS} days`;

export const retentionSchema = z.object({
  webhookEventDays: z.int("Enter a whole number").min(MIN_DAYS, outOfRange).max(MAX_DAYS, outOfRange),
});
export type Retention = z.infer<typeof retentionSchema>;
