import type { FunctionConfig } from "./config";
import type { Event } from "./events";
import type { Timers } from "./timers";

type Batch = { events: [Event, ...Event[]]; cancelTimer: () => void };

/** Events that wait for company; a batch leaves when it is full or its first event has waited long enough. */
export function createBatches(
  timers: Timers,
  start: (fn: FunctionConfig, events: [Event, ...Event[]]) => void,
) {
  const batches = new Map<string, Batch>();

  return {
    /** False when the function does not want this event in a batch. */
    add(fn: FunctionConfig, event: Event): boolean {
      const config = fn.batchEvents;
      if (!config || (config.if && !config.if({ event }))) return false;

      const key = JSON.stringify([fn.id, config.key?.({ event })]);
      const leave = (batch: Batch) => {
        batches.delete(key);
        batch.cancelTimer();
        start(fn, batch.events);
      };
      const waiting = batches.get(key);
      if (waiting) {
        waiting.events.push(event);
        if (waiting.events.length >= config.maxSize) leave(waiting);
        return true;
      }
      const batch: Batch = {
        events: [event],
        cancelTimer: timers.at(Date.now() + config.timeout, () => leave(batch)),
      };
      batches.set(key, batch);
      return true;
    },
  };
}
