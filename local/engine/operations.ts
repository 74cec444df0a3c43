import * as z from "zod";
import type { Op, Reply } from "./call";
import { parseDeadline } from "./duration";
import type { Event } from "./events";
import type { Life, Operate } from "./executor";
import { compileCondition } from "./expression";
import type { Job, Run } from "./run";
import type { Waits } from "./waits";

type Dependencies = { waits: Waits; invoke: (life: Life, run: Run, op: Op) => void };

const YEAR = 365 * 86_400_000;

const sleepOpts = z.looseObject({ duration: z.string().optional() }).nullish();
const waitOpts = z.looseObject({
  event: z.string().optional(),
  timeout: z.string().optional(),
  if: z.string().optional(),
});

/** What each operation of an answer means (SDK spec 5.3). */
export function createOperations({ waits, invoke }: Dependencies): Operate {
  function stepError(life: Life, op: Op, job: Job, reply: Reply): boolean {
    const error = op.error ?? { name: "Error", message: "Step execution error" };
    if (op.op === "StepError" && life.retry(job, reply, error)) return true;
    life.complete(job.run, op.id, { error });
    return false;
  }

  function waitForEvent(life: Life, run: Run, op: Op) {
    const opts = waitOpts.parse(op.opts ?? {});
    const holds = opts.if === undefined ? () => true : compileCondition(opts.if);
    const resume = (event: Event | null) => {
      endWait();
      cancelTimer();
      run.cleanups.delete(endWait);
      life.complete(run, op.id, event);
    };
    const endWait = waits.add(opts.event ?? op.name ?? "", {
      matches: (event) => holds({ event: run.event, async: event }),
      deliver: resume,
    });
    const now = Date.now();
    const cancelTimer = life.later(run, opts.timeout ? parseDeadline(opts.timeout, now) : now + YEAR, () =>
      resume(null),
    );
    run.cleanups.add(endWait);
  }

  function sleep(life: Life, run: Run, op: Op) {
    const text = sleepOpts.parse(op.opts)?.duration ?? op.name;
    const until = text ? parseDeadline(text, Date.now()) : Date.now();
    life.later(run, until, () => life.complete(run, op.id, null));
  }

  /** Things that take their time. While they last the app reports them again with every call, which means nothing new. */
  const undertakings: Record<string, (life: Life, run: Run, op: Op) => void> = {
    StepPlanned: (life, run, op) => life.plan(run, op.id),
    Sleep: sleep,
    WaitForEvent: waitForEvent,
    InvokeFunction: invoke,
  };

  return (life, op, job, reply) => {
    const { run } = job;
    const undertake = undertakings[op.op];
    if (undertake) {
      if (run.scheduled.has(op.id) || run.steps.has(op.id)) return false;
      run.scheduled.add(op.id);
      try {
        undertake(life, run, op);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        life.end(run, { status: "Failed", error: { name: `Invalid${op.op}`, message } });
      }
      return false;
    }
    switch (op.op) {
      case "StepRun":
        life.complete(run, op.id, { data: op.data ?? null });
        return false;
      case "Step":
        life.complete(run, op.id, op.data ?? null);
        return false;
      case "StepError":
      case "StepFailed":
        return stepError(life, op, job, reply);
      case "RunComplete":
        life.end(run, { status: "Completed", result: op.data ?? null });
        return false;
      case "DiscoveryRequest":
        life.discover(run);
        return false;
      default: {
        const message = `The local engine does not support the operation ${op.op}`;
        life.end(run, { status: "Failed", error: { name: "UnsupportedOperation", message } });
        return false;
      }
    }
  };
}
