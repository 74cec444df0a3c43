const FAILURES = 10;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

export type Breaker = ReturnType<typeof createBreaker>;

/**
 * Stops sending while WhatsApp is out of order: after ten posts in a row that were not accepted it opens for 1, 2, 4 …
 * 60 s, and then lets single ones through until one is accepted.
 */
export function createBreaker() {
  let failures = 0;
  let pauseMs = 0;
  let until = 0;
  return {
    /** `retryAfterMs`: how long the other side asked to wait. */
    fail: (retryAfterMs = 0, now = performance.now()) => {
      failures += 1;
      if (failures < FAILURES || now < until) return;
      pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pauseMs * 2));
      until = now + Math.max(pauseMs, retryAfterMs);
    },
    succeed: () => {
      failures = 0;
      pauseMs = 0;
      until = 0;
    },
    /** For how many ms nothing may be sent. */
    waitMs: (now = performance.now()) => Math.max(0, until - now),
    isProbing: () => failures >= FAILURES,
  };
}
