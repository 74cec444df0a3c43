import * as z from "zod";

const duration = z.number().min(0);

/** What can be turned while the sandbox runs; the environment and `createSandbox` give the first values. */
export const settingsSchema = z.strictObject({
  /** Time from the creation of a template to the decision about it. */
  reviewMs: duration,
  /** Factor on the delays of sent, delivered, read and replies: 1 as real, 0.1 ten times faster, 0 at once. */
  speed: duration,
  seed: z.string(),
  signature: z.enum(["correct", "wrong", "missing"]),
  /** HTTP status of 130429, 4 and 80007: Meta's table says 400, third parties report 429. */
  rateLimitStatus: z.union([z.literal(400), z.literal(429)]),
  /** Updates wait between these two durations for others that travel in the same POST. */
  batchMs: z.tuple([duration, duration]),
  batchMax: z.number().int().min(1).max(1000),
  /** Share of the POSTs that carry a single update. */
  singleShare: z.number().min(0).max(1),
  /** First pause after an answer other than 200; doubles with every attempt up to the maximum. */
  retryMs: duration,
  retryMaxMs: duration,
  webhookTimeoutMs: z.number().min(1),
  /** Holds every webhook back until it is switched off again. */
  webhooksPaused: z.boolean(),
  pairIntervalMs: duration,
  pairBurst: z.number().int().min(1).max(63),
  managementCallsPerHour: z.number().int().min(1),
  unpauseAfterMs: duration,
});

export type Settings = z.infer<typeof settingsSchema>;

/** Numbers of Meta's pages: pair limit and throughput ("Throughput"), management calls ("Rate limits"). */
export const defaultSettings: Settings = {
  reviewMs: 3000,
  speed: 1,
  seed: "campanile",
  signature: "correct",
  rateLimitStatus: 400,
  batchMs: [50, 200],
  batchMax: 1000,
  singleShare: 0.2,
  retryMs: 1000,
  retryMaxMs: 60_000,
  webhookTimeoutMs: 10_000,
  webhooksPaused: false,
  pairIntervalMs: 6000,
  pairBurst: 45,
  managementCallsPerHour: 5000,
  unpauseAfterMs: 300_000,
};
