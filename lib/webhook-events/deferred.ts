import type { Receipt } from "@/lib/messages/status";

type Limits = {
  /** Receipts that are taken at once, where no single event has more. */
  batch: number;
  /** Receipts in all, beyond which there is no room. */
  max: number;
};

/** A queue of events and what they report, in the order in which they came. */
export function createDeferred<Event extends { receipts: Receipt[] }>({ batch, max }: Limits) {
  let waiting: Event[] = [];
  let size = 0;

  return {
    size: () => size,
    hasRoom: () => size < max,

    add(events: Event[]): void {
      for (const event of events) {
        waiting.push(event);
        size += event.receipts.length;
      }
    },

    take(): Event[] {
      let receipts = 0;
      const end = waiting.findIndex((event, index) => {
        receipts += event.receipts.length;
        return index > 0 && receipts > batch;
      });
      const taken = end < 0 ? waiting : waiting.slice(0, end);
      waiting = end < 0 ? [] : waiting.slice(end);
      size -= taken.reduce((sum, event) => sum + event.receipts.length, 0);
      return taken;
    },
  };
}
