import { type Event, internalEvent } from "./events";
import type { Outcome } from "./executor";
import type { Memo, Run } from "./run";
import { ulid } from "./ulid";

const FINISHED = "inngest/function.finished";
const FAILED = "inngest/function.failed";
const CANCELLED = "inngest/function.cancelled";

/** The mark by which an invoked run knows its caller. */
export function correlationOf(event: Event): string | undefined {
  const { _inngest } = event.data;
  if (typeof _inngest !== "object" || _inngest === null || !("correlation_id" in _inngest)) return undefined;
  return typeof _inngest.correlation_id === "string" ? _inngest.correlation_id : undefined;
}

/**
 * What the end of a run tells the world: `onFailure` handlers are functions that listen to the failed event. Runs that were
 * themselves started by such an event end silently, or a failing handler would call itself for ever.
 */
export function endEvents(run: Run, outcome: Outcome): Event[] {
  return run.events
    .filter((event, position) => position === 0 || correlationOf(event) !== undefined)
    .filter(({ name }) => name !== FAILED && name !== FINISHED)
    .flatMap((event) => {
      const correlation_id = correlationOf(event);
      const data = {
        function_id: run.fn.id,
        run_id: run.id,
        event,
        events: run.events,
        ...(outcome.status === "Failed" ? { error: outcome.error } : {}),
        ...(outcome.status === "Completed" ? { result: outcome.result } : {}),
        ...(correlation_id === undefined ? {} : { correlation_id }),
        _inngest: { status: outcome.status },
      };
      const events = [internalEvent(ulid(), FINISHED, data)];
      if (outcome.status === "Failed") events.push(internalEvent(run.id, FAILED, data));
      if (outcome.status === "Cancelled") events.push(internalEvent(run.id, CANCELLED, data));
      return events;
    });
}

/** What a function that invoked this run gets for it. */
export function invocationResult(outcome: Outcome): Memo {
  if (outcome.status === "Completed") return { data: outcome.result };
  if (outcome.status === "Failed") return { error: outcome.error };
  return { error: { name: "Error", message: "The invoked function was cancelled" } };
}
