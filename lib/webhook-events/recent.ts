type Kept<Value> = { value: Value; at: number; isBeingRead: boolean };

const READ_AGAIN_MS = 2000;
const FORGET_MS = 5000;
const MAX_SIZE = 1000;

/**
 * Remembers for at most five seconds. After two, one caller finds nothing and reads again while the others still use
 * what is there, so that a busy key is never read by everybody at once.
 */
export function createRecent<Value>(now: () => number = () => performance.now()) {
  const kept = new Map<string, Kept<Value>>();

  function get(key: string): Value | undefined {
    const known = kept.get(key);
    if (!known) return undefined;
    const ageMs = now() - known.at;
    if (ageMs < READ_AGAIN_MS || (ageMs < FORGET_MS && known.isBeingRead)) return known.value;
    known.isBeingRead = true;
    return undefined;
  }

  function set(key: string, value: Value): void {
    const [oldest] = kept.keys();
    if (kept.size >= MAX_SIZE && oldest !== undefined) kept.delete(oldest);
    kept.set(key, { value, at: now(), isBeingRead: false });
  }

  return { get, set };
}
