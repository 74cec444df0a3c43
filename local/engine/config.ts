import { createHash } from "node:crypto";
import * as z from "zod";
import { parseCron } from "./cron";
import { parseDuration } from "./duration";
import { compile, compileCondition, type Expression, type Scope } from "./expression";

const DEFAULT_RETRIES = 4;
const MAX_RETRIES = 20;

type Condition = (scope: Scope) => boolean;

/** Turns text into what it means, with the parser's own complaint when it means nothing. */
function parsed<T>(parse: (text: string) => T) {
  return z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  });
}

const key = parsed((text): Expression => compile(text));
const condition = parsed((text): Condition => compileCondition(text));
const duration = parsed(parseDuration);
const schedule = parsed((text) => {
  parseCron(text);
  return text;
});

/** A function may ask for more than this engine can do; running it without would look right and be wrong. */
const refusal = {
  error: (issue: { code?: string | undefined; keys?: unknown }) =>
    issue.code === "unrecognized_keys"
      ? `${String(issue.keys)}: not supported by the local engine`
      : undefined,
};

const trigger = z
  .strictObject(
    {
      event: z.string().min(1).optional(),
      expression: condition.optional(),
      cron: schedule.optional(),
    },
    refusal,
  )
  .refine(
    ({ event, cron }) => (event === undefined) !== (cron === undefined),
    "a trigger is an event or a schedule",
  );

/** The key's text belongs to a limit's identity: two functions share a slot only if they count by the same rule. */
const limit = z
  .strictObject(
    {
      limit: z.int().min(0),
      key: z.string().optional(),
      scope: z.enum(["fn", "env", "account"]).default("fn"),
    },
    refusal,
  )
  .refine(({ key, scope }) => key !== undefined || scope === "fn", "a limit beyond the function needs a key")
  .transform((limit, context) => {
    const evaluate = key.safeParse(limit.key ?? '""');
    if (evaluate.success) return { ...limit, evaluate: evaluate.data };
    context.addIssue({ code: "custom", message: evaluate.error.issues[0]?.message });
    return z.NEVER;
  });

const concurrency = z
  .union([
    z.int().transform((number) => [{ limit: number }]),
    z.array(z.unknown()).max(2),
    z.looseObject({}).transform((one) => [one]),
  ])
  .pipe(z.array(limit));

const step = z.strictObject({
  id: z.string(),
  name: z.string(),
  runtime: z.strictObject({ type: z.literal("http"), url: z.url() }),
  retries: z.strictObject({ attempts: z.int().min(0).optional() }).optional(),
});

const batchEvents = z
  .strictObject(
    { maxSize: z.int().min(2).max(100), timeout: duration, key: key.optional(), if: condition.optional() },
    refusal,
  )
  .refine(({ timeout }) => timeout >= 1_000, "a batch waits at least one second");

/** One function of a sync request (SDK spec 4.3.2). The limits on counts are those of Inngest's server. */
export const functionSchema = z
  .strictObject(
    {
      id: z.string().min(1),
      name: z.string().optional(),
      triggers: z.array(trigger).max(10),
      steps: z.strictObject({ step }),
      concurrency: concurrency.default([]),
      idempotency: key.optional(),
      singleton: z.strictObject({ key: key.optional(), mode: z.enum(["skip", "cancel"]) }).optional(),
      cancel: z
        .array(
          z.strictObject({ event: z.string(), if: condition.optional(), timeout: z.string().optional() }),
        )
        .max(5)
        .default([]),
      batchEvents: batchEvents.optional(),
    },
    refusal,
  )
  .refine(
    ({ batchEvents, cancel }) => !batchEvents || cancel.length === 0,
    "batching and cancellation exclude each other",
  )
  .refine(
    ({ batchEvents, singleton }) => !batchEvents || !singleton,
    "batching and singletons exclude each other",
  )
  .transform(({ steps, ...config }) => ({
    ...config,
    uuid: toUuid(config.id),
    url: steps.step.runtime.url,
    maxAttempts: Math.min(steps.step.retries?.attempts ?? DEFAULT_RETRIES, MAX_RETRIES) + 1,
  }));

export type FunctionConfig = z.infer<typeof functionSchema>;

/** Inngest names functions by UUID where the SDK sends ids back (`ctx.fn_id`). */
function toUuid(id: string): string {
  const hash = createHash("sha1").update(id).digest("hex");
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}
