import { expect, test } from "vitest";
import { formatRelativeTime, formatTime } from "@/components/ui/time-format";

test.each([
  ["2026-03-03T22:05:00Z", "Europe/Rome", "date", "3 Mar 2026"],
  ["2026-03-03T22:05:00Z", "Asia/Kathmandu", "date", "4 Mar 2026"],
  ["2026-03-03T22:05:00Z", "Asia/Kathmandu", "datetime", "4 Mar 2026, 03:50"],
  ["2026-09-01T22:00:00Z", "Europe/Rome", "datetime", "2 Sep 2026, 00:00"],
  ["2026-07-01T10:00:00Z", "Europe/Rome", "full", "Wednesday, 1 Jul 2026, 12:00"],
] as const)("shows %s in %s as %s", (moment, timeZone, style, text) => {
  expect(formatTime(new Date(moment), timeZone, style)).toBe(text);
});

const second = 1000;
const hour = 3600 * second;

test.each([
  [-10 * second, "just now"],
  [10 * second, "in a moment"],
  [-90 * second, "1 minute ago"],
  [-5 * hour, "5 hours ago"],
  [26 * hour, "in 1 day"],
])("calls a moment %d ms away “%s”", (distance, text) => {
  const now = Date.UTC(2026, 2, 3);

  expect(formatRelativeTime(new Date(now + distance), now)).toBe(text);
});
