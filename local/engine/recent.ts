/** Remembers keys for a while: a key can be claimed once within that time. */
export function createRecent(ttl: number) {
  const expiries = new Map<string, number>();

  return {
    claim(key: string): boolean {
      const now = Date.now();
      for (const [old, expiry] of expiries) {
        if (expiry > now) break;
        expiries.delete(old);
      }
      if (expiries.has(key)) return false;
      expiries.set(key, now + ttl);
      return true;
    },
  };
}
