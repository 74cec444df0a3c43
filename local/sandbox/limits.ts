import type { PhoneNumber } from "./model";
import type { Settings } from "./settings";

/** Pair states are kept for two spans of this length: longer than the longest debt (burst 63 at 6 s each). */
const pairSpanMs = 400_000;

export type Limits = ReturnType<typeof createLimits>;

/** The two limits that Meta answers at once. Both run on the monotonic clock. */
export function createLimits(settings: Settings) {
  const buckets = new Map<string, { tokens: number; at: number }>();
  let pairs = new Map<string, { start: number; count: number }>();
  let olderPairs = new Map<string, { start: number; count: number }>();
  let spanStart = performance.now();

  function recentPair(key: string, now: number) {
    if (now - spanStart > pairSpanMs) {
      olderPairs = pairs;
      pairs = new Map();
      spanStart = now;
    }
    return pairs.get(key) ?? olderPairs.get(key);
  }

  return {
    /** "Throughput": messages per second of a number, inbound and outbound together; the bucket holds one second. */
    takeThroughput: (number: PhoneNumber): boolean => {
      const now = performance.now();
      const bucket = buckets.get(number.id);
      if (!bucket) {
        buckets.set(number.id, { tokens: number.mps - 1, at: now });
        return true;
      }
      bucket.tokens = Math.min(number.mps, bucket.tokens + ((now - bucket.at) * number.mps) / 1000);
      bucket.at = now;
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
    /**
     * "Pair rate limits": one message per 6 s to the same user. Up to 45 may go within one interval as borrowed quota;
     * then nothing until each of them has been paid back with its 6 s.
     */
    takePair: (number: PhoneNumber, userId: string): boolean => {
      if (!number.pairLimited) return true;
      const now = performance.now();
      const key = `${number.id} ${userId}`;
      const pair = recentPair(key, now);
      if (!pair || now >= pair.start + pair.count * settings.pairIntervalMs) {
        pairs.set(key, { start: now, count: 1 });
        return true;
      }
      if (now < pair.start + settings.pairIntervalMs && pair.count < settings.pairBurst) {
        pair.count += 1;
        return true;
      }
      return false;
    },
  };
}
