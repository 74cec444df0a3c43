/** The longest delay that setTimeout keeps; anything above fires at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

export type Timers = ReturnType<typeof createTimers>;

/** Timers for moments that may be a year away, all of which end with the engine. */
export function createTimers() {
  const cancels = new Set<() => void>();

  function at(when: number, run: () => void): () => void {
    let handle: NodeJS.Timeout;
    const cancel = () => {
      clearTimeout(handle);
      cancels.delete(cancel);
    };
    const arm = () => {
      const delay = when - Date.now();
      if (delay > LONGEST_DELAY) {
        handle = setTimeout(arm, LONGEST_DELAY);
      } else {
        handle = setTimeout(fire, Math.max(0, delay));
      }
    };
    const fire = () => {
      cancels.delete(cancel);
      run();
    };
    cancels.add(cancel);
    arm();
    return cancel;
  }

  return {
    at,
    clear() {
      for (const cancel of cancels) cancel();
    },
  };
}
