export type GroupLimits = {
  /** Of one group. */
  items: number;
  bytes: number;
  /** Groups that are stored at the same time, if so many items wait. */
  inFlight: number;
  many: number;
  /** Items that wait for their group; beyond, there is no place. */
  waiting: number;
  waitingBytes: number;
};

/** `refused`: the database will not take it, now or later. `failed`: not now. */
export type Fate = "stored" | "refused" | "failed";

type Waiting<Item> = { item: Item; bytes: number; answer: (fate: Fate) => void };

/**
 * Stores together what arrives together: one commit costs the same for one call as for hundreds. Nobody waits for a
 * group to fill; it is what came while the groups before it were being stored. A group that is refused because of what
 * is in it (`isPoison`) is halved until what cannot be stored is alone.
 */
export function createGroups<Item>(
  store: (items: Item[]) => Promise<void>,
  isPoison: (error: unknown) => boolean,
  limits: GroupLimits,
) {
  let waiting: Waiting<Item>[] = [];
  let waitingBytes = 0;
  let isCollecting = false;
  const inFlight = new Set<Promise<void>>();

  /** What became of it; `failed` at once when there is no place. */
  function add(item: Item, bytes: number): Promise<Fate> {
    if (waiting.length >= limits.waiting || waitingBytes + bytes > limits.waitingBytes)
      return Promise.resolve("failed");
    waitingBytes += bytes;
    const stored = new Promise<Fate>((answer) => waiting.push({ item, bytes, answer }));
    // Whatever has arrived already is read before this turn of the event loop ends.
    if (!isCollecting && mayStore()) {
      isCollecting = true;
      setImmediate(() => {
        isCollecting = false;
        storeNext();
      });
    }
    return stored;
  }

  /** One more beside those in flight only for many: small groups would pay for a commit each. */
  const mayStore = () =>
    inFlight.size === 0 || (inFlight.size < limits.inFlight && waiting.length >= limits.many);

  function storeNext(): void {
    while (waiting.length > 0 && mayStore()) {
      const group = takeGroup();
      const storing = storeGroup(group).finally(() => {
        inFlight.delete(storing);
        storeNext();
      });
      inFlight.add(storing);
    }
  }

  function takeGroup(): Waiting<Item>[] {
    let bytes = 0;
    let size = 0;
    for (const next of waiting.slice(0, limits.items)) {
      if (size > 0 && bytes + next.bytes > limits.bytes) break;
      bytes += next.bytes;
      size += 1;
    }
    const group = waiting.slice(0, size);
    waiting = waiting.slice(size);
    waitingBytes -= bytes;
    return group;
  }

  async function storeGroup(group: Waiting<Item>[]): Promise<void> {
    try {
      await store(group.map(({ item }) => item));
      for (const { answer } of group) answer("stored");
    } catch (error) {
      const fate = isPoison(error) ? "refused" : "failed";
      if (group.length === 1 || fate === "failed") {
        for (const { answer } of group) answer(fate);
        return;
      }
      const half = Math.ceil(group.length / 2);
      await storeGroup(group.slice(0, half));
      await storeGroup(group.slice(half));
    }
  }

  /** When everything that was added has its answer, or this much time has passed. */
  async function whenIdle(maxMs = Number.POSITIVE_INFINITY): Promise<void> {
    const deadline = performance.now() + maxMs;
    while ((isCollecting || inFlight.size > 0) && performance.now() < deadline) {
      await (isCollecting ? new Promise(setImmediate) : Promise.race(inFlight));
    }
  }

  return { add, whenIdle };
}
