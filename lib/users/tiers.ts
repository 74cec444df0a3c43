import type { SubscriptionTier } from "@/lib/db/generated/enums";

export type TierLimits = {
  /** People an account may have. */
  contacts: number;
  /** Rows a file may have to be imported at once. */
  rowsPerFile: number;
};

/**
 * What an account may have on each plan. Imports, and people who are added by hand or by a program, keep to it; whoever
 * writes by themselves is always let in.
 */
export const tierLimits: Record<SubscriptionTier, TierLimits> = {
  free: { contacts: 10_000, rowsPerFile: 25_000 },
  basic: { contacts: 100_000, rowsPerFile: 250_000 },
  pro: { contacts: 5_000_000, rowsPerFile: 1_000_000 },
};

const number = new Intl.NumberFormat("en");

export const describeFileLimit = (tier: SubscriptionTier): string =>
  `${number.format(tierLimits[tier].rowsPerFile)} rows on the ${tier} plan`;

/** Why a file cannot be imported at all on this plan; null when it can. */
export function refuseFile(tier: SubscriptionTier, rows: number): string | null {
  const { rowsPerFile } = tierLimits[tier];
  return rows <= rowsPerFile
    ? null
    : `This file has ${number.format(rows)} rows; on the ${tier} plan a file may have ${number.format(rowsPerFile)}. Split it, or change the plan.`;
}

/** What to expect of importing so many new people; null when there is room for all of them. */
export function warnOfLimit(tier: SubscriptionTier, contacts: number, newcomers: number): string | null {
  const { contacts: limit } = tierLimits[tier];
  const total = contacts + newcomers;
  if (total <= limit) return null;
  const room = Math.max(0, limit - contacts);
  return `This file would bring you to ${number.format(total)} contacts; the ${tier} plan has ${number.format(limit)}. ${
    room === 0 ? "None" : `Only the first ${number.format(room)}`
  } of its ${number.format(newcomers)} new people would be added, the other rows are rejected with this reason. People who are contacts already are not affected.`;
}

/** The reason beside a row for which there was no room. */
export const noRoom = (tier: SubscriptionTier): string =>
  `There is no room: the ${tier} plan has ${number.format(tierLimits[tier].contacts)} contacts`;
