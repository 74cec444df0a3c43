const slotMs = 10;

export type Schedule = {
  /** Runs the work at the given time (epoch milliseconds), in order of time and then of arrival. */
  at: (time: number, work: () => void) => void;
  size: () => number;
  stop: () => void;
};

/** One timer for any number of waiting events: a wheel of 10 ms slots, as three events wait for every message. */
export function createSchedule(): Schedule {
  const slots = new Map<number, (() => void)[]>();
  let timer: NodeJS.Timeout | null = null;
  let reached = Math.floor(Date.now() / slotMs);
  let size = 0;

  const runSlot = (slot: number) => {
    const due = slots.get(slot);
    if (!due) return;
    slots.delete(slot);
    size -= due.length;
    for (const work of due) work();
  };

  const tick = () => {
    const now = Math.floor(Date.now() / slotMs);
    while (reached < now) runSlot(++reached);
    if (size > 0) return;
    if (timer) clearInterval(timer);
    timer = null;
  };

  return {
    at: (time, work) => {
      if (timer === null) {
        reached = Math.floor(Date.now() / slotMs);
        timer = setInterval(tick, slotMs);
      }
      const slot = Math.max(reached + 1, Math.ceil(time / slotMs));
      const waiting = slots.get(slot);
      if (waiting) waiting.push(work);
      else slots.set(slot, [work]);
      size += 1;
    },
    size: () => size,
    stop: () => {
      if (timer) clearInterval(timer);
      timer = null;
      slots.clear();
      size = 0;
    },
  };
}
