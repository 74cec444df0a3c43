/** A place among those that may execute at the same time. Jobs with the same key share `limit` places. */
export type Slot = { key: string; limit: number };

export type Work = { order: number; slots: Slot[]; execute: () => Promise<void> };

export type Queue = ReturnType<typeof createQueue>;

/**
 * Starts work as places come free. Concurrency counts what executes at this moment, so a run that sleeps or waits holds
 * no place. Steps of older runs go first, as on Inngest's server, so that runs finish instead of all being half done.
 */
export function createQueue(workers: number, onError: (error: unknown) => void) {
  const taken = new Map<string, number>();
  const waiting: Work[] = [];

  const slotsOf = (work: Work) => [...work.slots, { key: "workers", limit: workers }];
  const isFree = ({ key, limit }: Slot) => (taken.get(key) ?? 0) < limit;

  function release({ key }: Slot) {
    const left = (taken.get(key) ?? 0) - 1;
    if (left > 0) taken.set(key, left);
    else taken.delete(key);
  }

  async function run(work: Work) {
    const slots = slotsOf(work);
    for (const { key } of slots) taken.set(key, (taken.get(key) ?? 0) + 1);
    try {
      await work.execute();
    } catch (error) {
      onError(error);
    } finally {
      for (const slot of slots) release(slot);
      drain();
    }
  }

  function drain() {
    for (let i = 0; i < waiting.length && isFree({ key: "workers", limit: workers }); ) {
      const work = waiting[i];
      if (work && slotsOf(work).every(isFree)) {
        waiting.splice(i, 1);
        void run(work);
      } else {
        i++;
      }
    }
  }

  return {
    push(work: Work) {
      const later = waiting.findIndex(({ order }) => order > work.order);
      waiting.splice(later === -1 ? waiting.length : later, 0, work);
      drain();
    },
  };
}
