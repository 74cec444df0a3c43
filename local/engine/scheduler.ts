import { createBatches } from "./batches";
import type { FunctionConfig } from "./config";
import { parseDeadline } from "./duration";
import { type Event, internalEvent } from "./events";
import type { Executor } from "./executor";
import { createRecent } from "./recent";
import type { Registry } from "./registry";
import { createRun, hasEnded, type Run } from "./run";
import type { Timers } from "./timers";
import type { Waits } from "./waits";

const DAY = 86_400_000;

type Dependencies = {
  executor: Executor;
  registry: Registry;
  timers: Timers;
  waits: Waits;
  log: (line: string) => void;
};

/** Decides which runs an event starts, and which of those must not be. */
export function createScheduler({ executor, registry, timers, waits, log }: Dependencies) {
  const recent = createRecent(DAY);
  const singletons = new Map<string, Run>();
  const batches = createBatches(timers, (fn, events) => start(fn, events));

  /** Starts a run unless this event has started this function within the day: events with the same id are the same event. */
  function start(fn: FunctionConfig, events: [Event, ...Event[]], at = Date.now()) {
    const [event] = events;
    try {
      if (!recent.claim(JSON.stringify(["event", fn.id, event.id]))) return;
      if (!claimIdempotency(fn, event)) return;
      const singleton = singletonKey(fn, event);
      if (singleton !== undefined && !makeRoom(fn, singleton)) return;

      const run = createRun(fn, events);
      if (singleton !== undefined) {
        singletons.set(singleton, run);
        run.cleanups.add(() => singletons.delete(singleton));
      }
      for (const cancellation of fn.cancel) listen(run, cancellation);
      executor.start(run, at);
    } catch (error) {
      log(`Event ${event.name} could not start ${fn.id}: ${error}`);
    }
  }

  function claimIdempotency(fn: FunctionConfig, event: Event): boolean {
    const value = fn.idempotency?.({ event });
    return (
      value === undefined || value === false || recent.claim(JSON.stringify(["idempotency", fn.id, value]))
    );
  }

  /** A key that evaluates to false asks for an ordinary run. */
  function singletonKey(fn: FunctionConfig, event: Event): string | undefined {
    const value = fn.singleton?.key?.({ event });
    return fn.singleton && value !== false ? JSON.stringify([fn.id, value]) : undefined;
  }

  function makeRoom(fn: FunctionConfig, key: string): boolean {
    const current = singletons.get(key);
    if (!current) return true;
    if (fn.singleton?.mode !== "cancel") return false;
    executor.life.end(current, { status: "Cancelled" });
    return true;
  }

  function listen(run: Run, { event: name, if: condition, timeout }: FunctionConfig["cancel"][number]) {
    const stop = waits.add(name, {
      matches: (event) => !hasEnded(run) && (!condition || condition({ event: run.event, async: event })),
      deliver: () => executor.life.end(run, { status: "Cancelled" }),
    });
    run.cleanups.add(stop);
    if (timeout) executor.life.later(run, parseDeadline(timeout, Date.now()), stop);
  }

  return {
    /**
     * Wakes what waits for the event before starting what it triggers: an event cannot cancel the run that it starts.
     * An event with a future `ts` starts its runs at that time.
     */
    receive(event: Event) {
      waits.deliver(event);
      for (const { fn, conditions } of registry.triggeredBy(event.name)) {
        try {
          if (!conditions.some((condition) => !condition || condition({ event }))) continue;
          if (!batches.add(fn, event)) start(fn, [event], event.ts);
        } catch (error) {
          log(`Event ${event.name} could not be matched with ${fn.id}: ${error}`);
        }
      }
    },

    /** Starts one function, whatever its triggers: an invocation. */
    invoke(fn: FunctionConfig, event: Event) {
      start(fn, [event]);
    },

    fireCron(fn: FunctionConfig, cron: string, scheduledAt: Date) {
      const time = scheduledAt.toISOString().replace(/\.\d+Z$/, "Z");
      start(fn, [internalEvent(time, "inngest/scheduled.timer", { cron, scheduledAt: time, fireAt: time })]);
    },
  };
}
