/** When each number may send its next message, on the process's monotonic clock (ms). */
const nextFreeAt = new Map<string, number>();

/** Where a number's rate was lowered to (messages/s) and when, on the same clock. */
const lowered = new Map<string, { to: number; at: number }>();

const RECOVERY_PER_SECOND = 0.005;
/** Refusals that arrive together have one cause. */
const SAME_CAUSE_MS = 1000;

/**
 * Reserves the next place in a number's rate and returns how many milliseconds to wait for it. Places are evenly
 * spaced, so no second holds more than `messagesPerSecond` of them.
 */
export function reserve(phoneNumberId: string, messagesPerSecond: number, now = performance.now()): number {
  const at = Math.max(now, nextFreeAt.get(phoneNumberId) ?? 0);
  nextFreeAt.set(phoneNumberId, at + 1000 / rateOf(phoneNumberId, messagesPerSecond, now));
  return at - now;
}

/** For how many milliseconds a number's places are reserved already. */
export function reservedMs(phoneNumberId: string, now = performance.now()): number {
  return Math.max(0, (nextFreeAt.get(phoneNumberId) ?? 0) - now);
}

/** Messages per second at present: the account's own, or less for a while after WhatsApp said that it was too many. */
export function rateOf(phoneNumberId: string, messagesPerSecond: number, now = performance.now()): number {
  const { to, at } = lowered.get(phoneNumberId) ?? { to: messagesPerSecond, at: now };
  return Math.min(messagesPerSecond, to + (messagesPerSecond * RECOVERY_PER_SECOND * (now - at)) / 1000);
}

/** Halves a number's rate, which then comes back by half a percent of the account's own each second. */
export function slowDown(phoneNumberId: string, messagesPerSecond: number, now = performance.now()): void {
  const last = lowered.get(phoneNumberId);
  if (last && now - last.at < SAME_CAUSE_MS) return;
  lowered.set(phoneNumberId, {
    to: Math.max(1, rateOf(phoneNumberId, messagesPerSecond, now) / 2),
    at: now,
  });
}
