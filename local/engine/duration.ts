const MILLISECONDS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds in a Time String such as "2h45m" (SDK spec 1.3.2). */
export function parseDuration(text: string): number {
  let total = 0;
  let length = 0;
  for (const [part, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w)/gy)) {
    total += Number(amount) * (MILLISECONDS[unit ?? ""] ?? Number.NaN);
    length += part.length;
  }
  if (length === 0 || length !== text.length) throw new Error(`"${text}" is not a duration`);
  return total;
}

/** The moment that a Time String or an ISO 8601 date names; both may stand wherever a step waits (SDK spec 5.3.2). */
export function parseDeadline(text: string, now: number): number {
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return now + parseDuration(text);
  const date = Date.parse(text);
  if (Number.isNaN(date)) throw new Error(`"${text}" is not a date`);
  return date;
}
