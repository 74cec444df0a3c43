import type { Op, Reply } from "./call";
import type { Queue } from "./queue";
import { createJob, hasEnded, type Job, type Memo, type Run, type RunError } from "./run";
import type { Timers } from "./timers";

export type Outcome =
  | { status: "Completed"; result: unknown }
  | { status: "Failed"; error: RunError }
  | { status: "Cancelled" };

/** What an operation may do to the run that reported it. */
export type Life = {
  complete(run: Run, stepId: string, memo: Memo): void;
  discover(run: Run): void;
  plan(run: Run, stepId: string): void;
  retry(job: Job, reply: Reply, error: RunError): boolean;
  later(run: Run, when: number, action: () => void): () => void;
  end(run: Run, outcome: Outcome): void;
};

/** Carries out one operation; true when it made the job come again. */
export type Operate = (life: Life, op: Op, job: Job, reply: Reply) => boolean;

export type CheckpointResult = "saved" | "unknown run" | "stale" | "unsupported";

type Dependencies = {
  queue: Queue;
  timers: Timers;
  call: (job: Job) => Promise<Reply>;
  operate: Operate;
  retryDelay: (attempt: number) => number;
  maxSteps: number;
  onEnd: (run: Run, outcome: Outcome) => void;
};

const DISCOVERY = "step";
const CHECKPOINTED = ["StepRun", "Step", "StepPlanned"];

export type Executor = ReturnType<typeof createExecutor>;

/** The life of runs between their start and their end: calls to the app, answers, retries. */
export function createExecutor({ queue, timers, call, operate, retryDelay, maxSteps, onEnd }: Dependencies) {
  const runs = new Map<string, Run>();

  const life: Life = {
    /** Parallel steps lead to one discovery, after the last of them (execution version 2; SDK spec 5.5). */
    complete(run, stepId, memo) {
      if (!run.steps.has(stepId)) run.steps.set(stepId, memo);
      const isOneOfMany = run.pending.delete(stepId);
      if (!isOneOfMany || run.pending.size === 0) life.discover(run);
    },

    discover(run) {
      if (run.discovery) {
        run.discovery.isStale = run.discovery.isExecuting;
        return;
      }
      if (run.requestVersion >= 2) run.disableImmediateExecution = run.pending.size > 0;
      run.discovery = { isExecuting: false, isStale: false };
      enqueue(createJob(run, DISCOVERY));
    },

    plan(run, stepId) {
      enqueue(createJob(run, stepId));
    },

    retry(job, reply, error) {
      job.run.error = error;
      if (reply.noRetry || job.attempt + 1 >= job.run.fn.maxAttempts) return false;
      const at = reply.retryAt ?? Date.now() + retryDelay(job.attempt);
      job.attempt += 1;
      job.generation += 1;
      life.later(job.run, at, () => enqueue(job));
      return true;
    },

    later(run, when, action) {
      const cancelTimer = timers.at(when, () => {
        run.cleanups.delete(cancel);
        action();
      });
      const cancel = () => {
        run.cleanups.delete(cancel);
        cancelTimer();
      };
      run.cleanups.add(cancel);
      return cancel;
    },

    end(run, outcome) {
      if (hasEnded(run)) return;
      run.endedAt = Date.now();
      run.status = outcome.status;
      run.error = outcome.status === "Failed" ? outcome.error : undefined;
      for (const cleanup of run.cleanups) cleanup();
      runs.delete(run.id);
      onEnd(run, outcome);
    },
  };

  function enqueue(job: Job) {
    queue.push({ order: job.run.order, slots: job.run.slots, execute: () => execute(job) });
  }

  async function execute(job: Job): Promise<void> {
    const { run } = job;
    if (hasEnded(run)) return;
    if (run.steps.size >= maxSteps) {
      const message = `The function run exceeded the step limit of ${maxSteps} steps.`;
      life.end(run, { status: "Failed", error: { name: "InngestErrFunctionOverflowed", message } });
      return;
    }
    const discovery = job.stepId === DISCOVERY ? run.discovery : undefined;
    if (discovery) discovery.isExecuting = true;
    run.startedAt ??= Date.now();
    run.status = "Running";

    const reply = await call(job);
    if (hasEnded(run)) return;
    const comesAgain = settle(job, reply);

    if (discovery) discovery.isExecuting = false;
    if (comesAgain || hasEnded(run)) return;
    run.jobs.delete(job.id);
    if (discovery) {
      run.discovery = undefined;
      if (discovery.isStale) life.discover(run);
    }
  }

  function settle(job: Job, reply: Reply): boolean {
    const { run } = job;
    if (reply.kind === "ops") return settleOps(job, reply, reply.ops, reply.version);
    if (reply.kind === "result") {
      life.end(run, { status: "Completed", result: reply.result });
      return false;
    }
    const comesAgain = life.retry(job, reply, reply.error);
    if (!comesAgain) life.end(run, { status: "Failed", error: reply.error });
    return comesAgain;
  }

  function settleOps(job: Job, reply: Reply, ops: Op[], version: number): boolean {
    const { run } = job;
    if (ops.length === 0) {
      const error = { name: "Error", message: "The app answered with no operation" };
      return settle(job, { kind: "failure", error, noRetry: false, retryAt: undefined });
    }
    if (run.requestVersion === -1) run.requestVersion = version;
    if (ops.length > 1) {
      run.disableImmediateExecution = true;
      if (run.requestVersion >= 2 && ops.some(({ op }) => op === "StepPlanned")) holdFor(run, ops);
    }
    let comesAgain = false;
    for (const op of ops) {
      if (!hasEnded(run)) comesAgain = operate(life, op, job, reply) || comesAgain;
    }
    return comesAgain;
  }

  return {
    life,

    start(run: Run, at: number) {
      runs.set(run.id, run);
      if (at <= Date.now()) life.discover(run);
      else life.later(run, at, () => life.discover(run));
    },

    find: (runId: string) => runs.get(runId),
    list: () => [...runs.values()],

    /** Drops everything: answers that still come in find their run ended. */
    close() {
      for (const run of runs.values()) run.endedAt = Date.now();
      runs.clear();
    },

    /**
     * Steps that the app ran within one call and saves before it goes on. Only the call that is under way may do so:
     * one that was given up as lost would write beside its successor.
     */
    checkpoint(runId: string, jobId: string, generation: number | undefined, ops: Op[]): CheckpointResult {
      const run = runs.get(runId);
      if (!run) return "unknown run";
      const job = run.jobs.get(jobId);
      if (!job || (generation !== undefined && generation !== job.generation)) return "stale";
      if (ops.some(({ op }) => !CHECKPOINTED.includes(op))) return "unsupported";
      for (const { op, id, data } of ops) {
        if (op !== "StepPlanned" && !run.steps.has(id))
          run.steps.set(id, op === "Step" ? data : { data: data ?? null });
      }
      job.attempt = 0;
      return "saved";
    },
  };
}

/** The function is called again when all of these have ended; a race goes on with the first, so it waits for none. */
function holdFor(run: Run, ops: Op[]) {
  for (const { id, opts } of ops) {
    if (opts?.parallelMode !== "race" && !run.steps.has(id)) run.pending.add(id);
  }
}
