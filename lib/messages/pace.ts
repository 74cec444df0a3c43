/** When each number may send its next message, on the process's monotonic clock (ms). */
const nextFreeAt = new Map<string, number>();

/**
 * Reserves the next place in a number's rate and returns how many milliseconds to wait for it. Places are evenly
 * spaced, so no second holds more than `messagesPerSecond` of them.
 */
export function reserve(phoneNumberId: string, messagesPerSecond: number, now = performance.now()): number {
  const at = Math.max(now, nextFreeAt.get(phoneNumberId) ?? 0);
  nextFreeAt.set(phoneNumberId, at + 1000 / messagesPerSecond);
  return at - now;
}

/** For how many milliseconds a number's places are reserved already. */
export function reservedMs(phoneNumberId: string, now = performance.now()): number {
  return Math.max(0, (nextFreeAt.get(phoneNumberId) ?? 0) - now);
}
