import type { CampaignStatus } from "@/lib/db/generated/enums";

/**
 * Where a campaign may go next. Everything that changes a status consults this table, except for one way back:
 * `reopenable`.
 */
const next = {
  draft: ["scheduled", "processing", "canceled"],
  scheduled: ["draft", "scheduled", "processing", "paused", "canceled", "failed"],
  processing: ["paused", "completed", "failed", "canceled"],
  // One that missed its hour has never started: it may be sent now or scheduled anew.
  paused: ["scheduled", "processing", "canceled"],
  completed: [],
  failed: [],
  canceled: [],
} as const satisfies Record<CampaignStatus, readonly CampaignStatus[]>;

const statuses = Object.keys(next) as CampaignStatus[];

export function isNext(from: CampaignStatus, to: CampaignStatus): boolean {
  return (next[from] as readonly CampaignStatus[]).includes(to);
}

export function predecessorsOf(target: CampaignStatus): CampaignStatus[] {
  return statuses.filter((from) => isNext(from, target));
}

/** A campaign whose messages may be queued again by its owner; a completed one then goes on sending. */
export const reopenable = ["processing", "paused", "completed"] as const satisfies CampaignStatus[];

export const isReopenable = (status: CampaignStatus) =>
  (reopenable as readonly CampaignStatus[]).includes(status);

/** A campaign that has not started: it may be checked, sent and scheduled. One that missed its hour is paused like that. */
export const isWaiting = ({
  status,
  startedAt,
}: {
  status: CampaignStatus;
  startedAt: Date | string | null;
}) => status === "draft" || status === "scheduled" || (status === "paused" && startedAt === null);

/** A campaign that nothing will be sent for any more, or not yet. Only these may be deleted. */
export const deletable = [
  "draft",
  "scheduled",
  "completed",
  "failed",
  "canceled",
] as const satisfies CampaignStatus[];
