import type { Event } from "./events";

type Wait = { matches: (event: Event) => boolean; deliver: (event: Event) => void };

export type Waits = ReturnType<typeof createWaits>;

/** Runs that wait for an event or would be cancelled by one. */
export function createWaits(log: (line: string) => void) {
  const byEvent = new Map<string, Set<Wait>>();

  return {
    /** Returns what ends the wait. */
    add(eventName: string, wait: Wait): () => void {
      const waits = byEvent.get(eventName) ?? new Set();
      byEvent.set(eventName, waits.add(wait));
      return () => {
        waits.delete(wait);
        if (waits.size === 0 && byEvent.get(eventName) === waits) byEvent.delete(eventName);
      };
    },

    deliver(event: Event) {
      const waits = byEvent.get(event.name) ?? new Set();
      for (const wait of [...waits]) {
        try {
          if (waits.has(wait) && wait.matches(event)) wait.deliver(event);
        } catch (error) {
          log(`Event ${event.name} could not be matched: ${error}`);
        }
      }
    },
  };
}
