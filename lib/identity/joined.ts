import { uniqueTags } from "@/lib/contacts/schema";
import type { OptInSource } from "@/lib/db/generated/enums";

/** What there is to join of a person's entry. */
export type Joinable = {
  phone: string | null;
  waId: string | null;
  waUserId: string | null;
  name: string | null;
  email: string | null;
  tags: string[];
  metadata: Record<string, string>;
  optedIn: boolean;
  optedInAt: Date | null;
  optedOutAt: Date | null;
  optInSource: OptInSource;
  isBlocked: boolean;
  blockedReason: string | null;
  lastInboundAt: Date | null;
  importId: string | null;
};

/** What the owner sees before two entries become one. */
export type MergePreview = {
  keep: Joinable;
  drop: Joinable;
  after: Joinable;
  /** Of the second entry, that move. */
  messages: number;
  /** Campaigns that both are in. */
  sharedCampaigns: number;
};

export const isOut = ({ optedIn, optedOutAt }: Pick<Joinable, "optedIn" | "optedOutAt">) =>
  !optedIn && optedOutAt !== null;

const later = (one: Date | null, other: Date | null) =>
  Number(one ?? Number.NEGATIVE_INFINITY) > Number(other ?? Number.NEGATIVE_INFINITY) ? one : other;

/**
 * What two entries of one person are together. Values of the first count where both have one; whoever opted out under
 * either, or is blocked, is.
 */
export function joined(keep: Joinable, drop: Joinable): Joinable {
  const [agreed, other] = keep.optedIn || !drop.optedIn ? [keep, drop] : [drop, keep];
  const out = [keep, drop].filter(isOut).map(({ optedOutAt }) => optedOutAt);
  return {
    phone: keep.phone ?? drop.phone,
    waId: keep.waId ?? drop.waId,
    waUserId: keep.waUserId ?? drop.waUserId,
    name: keep.name ?? drop.name,
    email: keep.email ?? drop.email,
    tags: uniqueTags([...keep.tags, ...drop.tags]),
    metadata: { ...drop.metadata, ...keep.metadata },
    optedIn: out.length === 0 && agreed.optedIn,
    optedInAt: agreed.optedInAt ?? other.optedInAt,
    optedOutAt: out.reduce(later, null),
    optInSource: agreed.optInSource,
    isBlocked: keep.isBlocked || drop.isBlocked,
    blockedReason: keep.blockedReason ?? drop.blockedReason,
    lastInboundAt: later(keep.lastInboundAt, drop.lastInboundAt),
    importId: keep.importId ?? drop.importId,
  };
}

/** What the second entry has and the person will not have, in words. */
export function lostIn({ keep, drop, after }: MergePreview): string[] {
  const texts = (["phone", "name", "email"] as const).flatMap((key) => lost(drop[key], after[key]));
  const fields = Object.entries(drop.metadata).flatMap(([key, value]) =>
    lost(value, after.metadata[key] ?? null).map((words) => `${key}: ${words}`),
  );
  return [
    ...texts,
    ...fields,
    ...(isTwoPeople({ keep, drop }) ? ["WhatsApp's id of the second contact"] : []),
  ];
}

const lost = (value: string | null, kept: string | null) => (value !== null && value !== kept ? [value] : []);

/** WhatsApp gives each person one id per business. */
export const isTwoPeople = ({ keep, drop }: Pick<MergePreview, "keep" | "drop">) =>
  keep.waUserId !== null && drop.waUserId !== null && keep.waUserId !== drop.waUserId;
