import { expect, test } from "vitest";
import { endOfDay, startOfDay } from "@/lib/event-console/days";

test.each([
  ["2026-11-25", "UTC", "2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z"],
  ["2026-11-25", "Asia/Kathmandu", "2026-11-24T18:15:00Z", "2026-11-25T18:15:00Z"],
  ["2026-12-31", "America/Sao_Paulo", "2026-12-31T03:00:00Z", "2027-01-01T03:00:00Z"],
  // 23 and 25 hours long.
  ["2027-03-28", "Europe/Rome", "2027-03-27T23:00:00Z", "2027-03-28T22:00:00Z"],
  ["2026-10-25", "Europe/Rome", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"],
  // Clocks go from 23:59 to 1:00.
  ["2026-04-24", "Africa/Cairo", "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z"],
])("%s in %s is from %s to %s", (day, timeZone, start, end) => {
  expect(startOfDay(day, timeZone)).toEqual(new Date(start));
  expect(endOfDay(day, timeZone)).toEqual(new Date(end));
});
