/** Fewer outcomes say nothing. */
export const MIN_CANARY = 20;

/** In a smaller audience the first part would be most of it. */
export const MIN_AUDIENCE_FOR_CANARY = 40;

/** How many people get a campaign first; null when all get it at once. */
export function canarySize(recipients: number, percent: number | null): number | null {
  if (percent === null || recipients < MIN_AUDIENCE_FOR_CANARY) return null;
  return Math.max(MIN_CANARY, Math.ceil((recipients * percent) / 100));
}
