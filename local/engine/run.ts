import { randomUUID } from "node:crypto";
import type { FunctionConfig } from "./config";
import type { Event } from "./events";
import type { Slot } from "./queue";
import { ulid } from "./ulid";

export type RunStatus = "Queued" | "Running" | "Completed" | "Failed" | "Cancelled";

export type RunError = { name: string; message: string; stack?: unknown; cause?: unknown };

/** A step's outcome as the app gets it back in `steps` (SDK spec 5.2.1): `{ data }`, `{ error }`, an event or null. */
export type Memo = unknown;

/**
 * One call to the app that is due, running or to be retried. `stepId` is "step" to discover what comes next, or the hashed
 * id of one planned step. The generation tells apart the calls made for the same job.
 */
export type Job = { id: string; run: Run; stepId: string; attempt: number; generation: number };

export type Run = {
  readonly id: string;
  readonly order: number;
  readonly fn: FunctionConfig;
  readonly events: Event[];
  readonly event: Event;
  readonly slots: Slot[];
  /** Outcomes in the order in which the steps ended: the keys are the stack (SDK spec 5.4). */
  readonly steps: Map<string, Memo>;
  /** Steps that were planned or wait for something; the app reports those again whenever it is called meanwhile. */
  readonly scheduled: Set<string>;
  /** Parallel steps of which all must end before the function is called again. */
  readonly pending: Set<string>;
  readonly jobs: Map<string, Job>;
  /** Undoes what the run has arranged: timers, waits, its claim to be the only one. */
  readonly cleanups: Set<() => void>;
  readonly queuedAt: number;
  startedAt?: number;
  endedAt?: number;
  status: RunStatus;
  error?: RunError | undefined;
  /** The execution version that the app chose with its first answer; -1 until then (header X-Inngest-Req-Version). */
  requestVersion: number;
  disableImmediateExecution: boolean;
  /** A run is asked what comes next by one call at a time; a stale answer misses a step that has ended meanwhile. */
  discovery?: { isExecuting: boolean; isStale: boolean } | undefined;
};

let created = 0;

export function createRun(fn: FunctionConfig, events: [Event, ...Event[]]): Run {
  const [event] = events;
  return {
    id: ulid(),
    order: created++,
    fn,
    events,
    event,
    slots: fn.concurrency.flatMap((limit) => {
      if (limit.limit === 0) return [];
      const scope = limit.scope === "fn" ? fn.id : limit.scope;
      return [{ key: JSON.stringify([scope, limit.key, limit.evaluate({ event })]), limit: limit.limit }];
    }),
    steps: new Map(),
    scheduled: new Set(),
    pending: new Set(),
    jobs: new Map(),
    cleanups: new Set(),
    queuedAt: Date.now(),
    status: "Queued",
    requestVersion: -1,
    disableImmediateExecution: false,
  };
}

export function createJob(run: Run, stepId: string): Job {
  const job = { id: randomUUID(), run, stepId, attempt: 0, generation: 1 };
  run.jobs.set(job.id, job);
  return job;
}

export function hasEnded(run: Run): boolean {
  return run.endedAt !== undefined;
}

/** What remains of a run for whoever looks at the overview. */
export function summarize(run: Run) {
  const { id, fn, event, status, error, queuedAt, startedAt, endedAt } = run;
  const at = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
  return {
    id,
    function: fn.id,
    event: event.name,
    status,
    error: error ? `${error.name}: ${error.message}` : null,
    steps: run.steps.size,
    queuedAt: at(queuedAt),
    startedAt: at(startedAt),
    endedAt: at(endedAt),
  };
}

export type RunSummary = ReturnType<typeof summarize>;
