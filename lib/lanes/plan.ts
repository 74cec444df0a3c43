/** How the messaging limit spreads a campaign. */
export type Plan = {
  /** People per rolling 24 hours. */
  limit: number;
  /** People who get it in the first 24 hours. */
  first: number;
  /** In how many days everybody has got it, at most. */
  days: number;
};

/**
 * Null when everybody fits into what is left of the limit. `used` people of the last 24 hours count against it; the rest
 * follows at the full limit a day.
 */
export function planOf(people: number, limit: number | null, used: number): Plan | null {
  if (limit === null) return null;
  const first = Math.max(0, limit - used);
  if (people <= first) return null;
  return { limit, first, days: 1 + Math.ceil((people - first) / limit) };
}
