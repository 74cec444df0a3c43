import { expect, test } from "vitest";
import { refetchIntervalOf } from "@/lib/campaigns/queries";

const now = Date.parse("2027-01-15T09:00:00Z");
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();

test.each([
  [undefined, 1000],
  [{ status: "processing", scheduledAt: null, completedAt: null }, 1000],
  [{ status: "scheduled", scheduledAt: at(600), completedAt: null }, 15_000],
  [{ status: "scheduled", scheduledAt: at(0.5), completedAt: null }, 1000],
  [{ status: "scheduled", scheduledAt: at(-1), completedAt: null }, 1000],
  [{ status: "paused", scheduledAt: at(-1), completedAt: null }, 5000],
  [{ status: "draft", scheduledAt: null, completedAt: null }, 30_000],
  [{ status: "completed", scheduledAt: null, completedAt: at(-1) }, 2000],
  [{ status: "completed", scheduledAt: null, completedAt: at(-30) }, 10_000],
  [{ status: "completed", scheduledAt: null, completedAt: at(-6000) }, 60_000],
] as const)("%j is asked again after %i ms", (progress, interval) => {
  expect(refetchIntervalOf(progress, now)).toBe(interval);
});
