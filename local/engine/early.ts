import type { Event } from "./events";

/** Keeps what comes before there is an app that could take it; of too many, the newest. */
export function createEarlyEvents(limit: number, log: (line: string) => void) {
  let held: Event[] = [];
  let dropped = 0;

  return {
    hold(event: Event) {
      held.push(event);
      if (held.length <= limit) return;
      held.shift();
      dropped += 1;
      if (dropped === 1) log(`No app has registered yet: of the events only the latest ${limit} are kept.`);
    },

    /** Hands out everything that was held, in the order in which it came. */
    release(receive: (event: Event) => void) {
      if (dropped > 0) log(`${dropped} events came before any app had registered and were dropped.`);
      const events = held;
      held = [];
      dropped = 0;
      for (const event of events) receive(event);
    },
  };
}
