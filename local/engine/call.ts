import { Agent, fetch } from "undici";
import * as z from "zod";
import { parseDeadline } from "./duration";
import type { Job, RunError } from "./run";
import { ulid } from "./ulid";

/** The longest that Inngest lets one call take. */
const CALL_TIMEOUT = 2 * 3_600_000;
/** Above this the app is told to fetch steps and events itself (SDK spec 4.4.2). */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;
const SECOND = 1_000;
const DAY = 86_400 * SECOND;

const error = z.looseObject({ name: z.string().default("Error"), message: z.string() }).transform(
  ({ name, message, stack, cause }): RunError => ({
    name,
    message,
    ...(stack ? { stack } : {}),
    ...(cause ? { cause } : {}),
  }),
);

const op = z.looseObject({
  op: z.string(),
  id: z.string(),
  name: z.string().nullish(),
  opts: z.looseObject({ parallelMode: z.string().optional() }).nullish(),
  data: z.unknown(),
  error: error.nullish(),
});

export type Op = z.infer<typeof op>;

export const opsSchema = z.union([z.array(op), op.transform((single) => [single])]);

/** What the app answered: the function's result, operations to carry out, or a failed attempt. */
export type Reply = { noRetry: boolean; retryAt: number | undefined } & (
  | { kind: "result"; result: unknown }
  | { kind: "ops"; ops: Op[]; version: number }
  | { kind: "failure"; error: RunError }
);

/** Node's built-in fetch gives up after five minutes; a step may take longer. */
export function createCaller() {
  const dispatcher = new Agent({ headersTimeout: CALL_TIMEOUT, bodyTimeout: CALL_TIMEOUT });

  return {
    /** Makes one Call Request (SDK spec 4.4). Never rejects: an app that cannot be reached has failed an attempt. */
    async call(job: Job, url: string): Promise<Reply> {
      try {
        const { body, headers } = buildRequest(job);
        const target = new URL(url);
        target.searchParams.set("stepId", job.stepId);
        const response = await fetch(target, { method: "POST", headers, body, dispatcher });
        return readReply(response.status, response.headers, await response.text());
      } catch (error) {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        const message = `The app could not be reached: ${cause instanceof Error ? cause.message : String(cause)}`;
        return { kind: "failure", error: { name: "Error", message }, noRetry: false, retryAt: undefined };
      }
    },

    close: () => dispatcher.destroy(),
  };
}

function buildRequest({ id, run, stepId, attempt, generation }: Job) {
  const requestId = ulid();
  const stack = [...run.steps.keys()];
  const whole = {
    event: run.event,
    events: run.events,
    steps: Object.fromEntries(run.steps),
    defers: {},
    ctx: {
      fn_id: run.fn.uuid,
      run_id: run.id,
      env: "",
      step_id: "step",
      attempt,
      max_attempts: run.fn.maxAttempts,
      stack: { stack, current: stack.length },
      qi_id: id,
      request_id: requestId,
      generation_id: generation,
      job_id: id,
      disable_immediate_execution: run.disableImmediateExecution,
      use_api: false,
    },
    version: run.requestVersion,
    use_api: false,
  };
  let body = JSON.stringify(whole);
  if (Buffer.byteLength(body) > MAX_REQUEST_BYTES) {
    const ctx = { ...whole.ctx, use_api: true };
    body = JSON.stringify({ ...whole, events: [], steps: {}, ctx, use_api: true });
  }
  const headers = {
    "content-type": "application/json",
    "x-run-id": run.id,
    "x-request-id": requestId,
    "x-inngest-generation-id": String(generation),
    "x-inngest-job-id": id,
    "x-inngest-req-version": String(run.requestVersion),
    "x-inngest-step-id": stepId,
    "x-inngest-server-kind": "dev",
  };
  return { body, headers };
}

function readReply(status: number, headers: { get(name: string): string | null }, text: string): Reply {
  const noRetry = headers.get("x-inngest-no-retry") === "true";
  const retryAt = parseRetryAfter(headers.get("retry-after"));
  const body = parseJson(text);
  const failure = (error: RunError): Reply => ({ kind: "failure", error, noRetry, retryAt });

  if (status === 201) return readStream(body, headers);
  if (!headers.get("x-inngest-sdk")) {
    return failure({
      name: "Error",
      message: `HTTP ${status}, and the answer did not come from an Inngest SDK`,
    });
  }
  if (status === 206) {
    const ops = opsSchema.safeParse(body);
    if (!ops.success)
      return failure({ name: "Error", message: `Unreadable steps: ${z.prettifyError(ops.error)}` });
    return {
      kind: "ops",
      ops: ops.data,
      version: Number(headers.get("x-inngest-req-version")),
      noRetry,
      retryAt,
    };
  }
  if (status >= 200 && status < 300) return { kind: "result", result: body, noRetry, retryAt };
  const parsed = error.safeParse(body);
  return failure(
    parsed.success ? parsed.data : { name: "Error", message: `HTTP ${status}: ${text.slice(0, 500)}` },
  );
}

/** A streamed answer (SDK spec 9) has its true status, headers and body inside. */
function readStream(body: unknown, outer: { get(name: string): string | null }): Reply {
  const stream = z
    .object({ status: z.int(), headers: z.record(z.string(), z.string()).default({}), body: z.unknown() })
    .safeParse(body);
  if (!stream.success || stream.data.status === 201) {
    const message = "The app's streamed answer ended early";
    return { kind: "failure", error: { name: "Error", message }, noRetry: false, retryAt: undefined };
  }
  const inner = new Headers(stream.data.headers);
  const text = typeof stream.data.body === "string" ? stream.data.body : JSON.stringify(stream.data.body);
  return readReply(stream.data.status, { get: (name) => inner.get(name) ?? outer.get(name) }, text);
}

/** Seconds or an ISO date (SDK spec 4.4.3), kept within the second and the day that Inngest allows. */
function parseRetryAfter(value: string | null): number | undefined {
  if (!value) return undefined;
  const now = Date.now();
  try {
    const at = parseDeadline(/^\d+$/.test(value) ? `${value}s` : value, now);
    return Math.min(Math.max(at, now + SECOND), now + DAY);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text === "" ? null : text;
  }
}
