/** By then a post has arrived, whether or not it was answered (ms). */
const ARRIVED_AFTER_MS = 250;
const SECOND_MS = 1000;

export type Window = ReturnType<typeof createWindow>;

/**
 * Holds any second to the number's rate at the other side, where posts arrive later than they leave and not evenly: a post
 * counts from the moment it leaves until a second after it must have arrived. What even the fastest post needed for the way there
 * and back makes up for the way of the next one. All instants are the process's monotonic clock (ms).
 */
export function createWindow() {
  /** Posts on their way: when they left, oldest first. */
  const leaving = new Map<number, number>();
  let posts = 0;
  /** When the others must have arrived at the latest, oldest first. */
  const arrived: number[] = [];
  let fastest = Number.POSITIVE_INFINITY;

  function land(now: number) {
    for (const [post, leftAt] of leaving) {
      if (leftAt + ARRIVED_AFTER_MS > now) return;
      leaving.delete(post);
      arrived.push(now);
    }
  }

  function forget(now: number) {
    const gone = arrived.findIndex((at) => at > now - span());
    arrived.splice(0, gone === -1 ? arrived.length : gone);
  }

  const span = () => SECOND_MS - (Number.isFinite(fastest) ? Math.min(fastest, ARRIVED_AFTER_MS) : 0);

  return {
    /** For how many ms a post would be one too many for `messagesPerSecond`. */
    waitMs: (messagesPerSecond: number, now = performance.now()): number => {
      land(now);
      if (leaving.size + arrived.length < messagesPerSecond) return 0;
      forget(now);
      if (leaving.size + arrived.length < messagesPerSecond) return 0;
      const [first = now] = arrived;
      return Math.max(1, first + span() - now);
    },
    /** Returns what tells `answer` which post it was. */
    post: (now = performance.now()): number => {
      leaving.set(++posts, now);
      return posts;
    },
    answer: (post: number, now = performance.now()): void => {
      const leftAt = leaving.get(post);
      if (leftAt === undefined) return;
      leaving.delete(post);
      arrived.push(now);
      fastest = Math.min(fastest, now - leftAt);
    },
  };
}
