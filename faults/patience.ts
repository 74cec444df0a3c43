import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 60_000;
const PAUSE_MS = 200;

/** Tries until it works: whatever is asked may have been killed a moment ago. */
export async function insist<T>(
  what: string,
  attempt: () => Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw new Error(`Tried ${what} in vain`, { cause: error });
      await sleep(PAUSE_MS);
    }
  }
}

/** Waits until the condition holds; false when it did not in time. */
export async function comesTrue(condition: () => Promise<boolean>, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await sleep(PAUSE_MS);
  }
  return true;
}
