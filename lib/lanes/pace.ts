const RECOVERY_PER_SECOND = 0.005;
/** Refusals that arrive together have one cause. */
const SAME_CAUSE_MS = 1000;
/** Of the rate, so that places which are caught up have room. */
const USED_SHARE = 0.985;
/** Places that a stall of the process left empty are caught up to this age (ms). */
const CATCH_UP_MS = 100;

export type Pace = ReturnType<typeof createPace>;

/**
 * The places of one number on the process's monotonic clock (ms), evenly spaced but for what is caught up; the window
 * (window.ts) keeps that from being too many in any second. After WhatsApp said that it was too fast, the rate comes back by half a percent of the account's own each second.
 */
export function createPace(
  messagesPerSecond: number,
  throttled: { to: number; agoMs: number } | null,
  start = performance.now(),
) {
  let lowered = throttled && { to: throttled.to, at: start - throttled.agoMs };
  let nextAt = start;

  /** Messages per second at present. */
  const rate = (now = performance.now()): number =>
    lowered
      ? Math.min(
          messagesPerSecond,
          lowered.to + (messagesPerSecond * RECOVERY_PER_SECOND * (now - lowered.at)) / 1000,
        )
      : messagesPerSecond;

  return {
    rate,
    /** Takes the next place and returns 0, or takes none and returns for how many ms there is none. */
    take: (now = performance.now()): number => {
      if (nextAt > now) return nextAt - now;
      nextAt = Math.max(nextAt, now - CATCH_UP_MS) + 1000 / (rate(now) * USED_SHARE);
      return 0;
    },
    /** Halves the rate, at least 1/s. Returns the new one, or null when it was lowered for the same cause just now. */
    slowDown: (now = performance.now()): number | null => {
      if (lowered && now - lowered.at < SAME_CAUSE_MS) return null;
      lowered = { to: Math.max(1, rate(now) / 2), at: now };
      return lowered.to;
    },
  };
}
