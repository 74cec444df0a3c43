import { GraphError, refusal } from "./graph-error";
import type { Settings } from "./settings";

type Breakdown = { status: number; body: string; code?: number };

const html =
  "<!DOCTYPE html><html><head><title>Error</title></head><body>Sorry, something went wrong.</body></html>";

/**
 * Recipients whose last four digits make the call itself fail, so that a retry can be watched to succeed:
 * 0429 and 0500 fail every other time, 0503 twice in a row, 0056 until one pair interval has passed.
 */
export function createSurprises(settings: Settings) {
  const attempts = new Map<string, number>();
  const refusedSince = new Map<string, number>();

  /** 0 for the first of `length` attempts, 1 for the second, and 0 again after the last. */
  function turn(key: string, length: number): number {
    const count = attempts.get(key) ?? 0;
    attempts.set(key, count + 1);
    return count % length;
  }

  return {
    limit: (phoneNumberId: string, to: string | null): GraphError | null => {
      const suffix = to?.slice(-4);
      const key = `${phoneNumberId} ${to}`;
      if (suffix === "0429" && turn(key, 2) === 0) {
        return new GraphError(130429, {
          details: "Cloud API message throughput has been reached.",
          subcode: 2494055,
        });
      }
      if (suffix !== "0056") return null;
      const now = performance.now();
      const since = refusedSince.get(key);
      if (since !== undefined && now - since >= settings.pairIntervalMs) {
        refusedSince.delete(key);
        return null;
      }
      if (since === undefined) refusedSince.set(key, now);
      return refusal(131056);
    },
    breakdown: (phoneNumberId: string, to: string | null): Breakdown | null => {
      const suffix = to?.slice(-4);
      if (suffix !== "0500" && suffix !== "0503") return null;
      const place = turn(`${phoneNumberId} ${to}`, suffix === "0500" ? 2 : 3);
      if (suffix === "0500" && place === 0)
        return { status: 500, body: refusal(131000).toBody(), code: 131000 };
      if (suffix === "0503" && place === 0) return { status: 503, body: refusal(2).toBody(), code: 2 };
      if (suffix === "0503" && place === 1) return { status: 503, body: html };
      return null;
    },
  };
}
