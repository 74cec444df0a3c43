import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { scheduleFormSchema } from "@/lib/campaigns/schedule-form";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2027-03-27T12:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ["2027-03-28", "09:00", "Europe/Rome", "2027-03-28T07:00:00.000Z"],
  ["2027-03-27", "17:46", "Asia/Kathmandu", "2027-03-27T12:01:00.000Z"],
  ["2027-03-27", "08:01", "America/New_York", "2027-03-27T12:01:00.000Z"],
])("%s %s in %s is %s", (date, time, timeZone, instant) => {
  expect(scheduleFormSchema(timeZone).parse({ date, time })).toBe(instant);
});

test.each([
  ["2027-03-27", "17:45", "Asia/Kathmandu", "time", "This time has passed. Choose one in the future."],
  ["2026-01-01", "09:00", "UTC", "time", "This time has passed. Choose one in the future."],
  [
    "2027-03-28",
    "02:30",
    "Europe/Rome",
    "time",
    "Clocks go forward over this time, so it never comes. Choose another one.",
  ],
  ["", "09:00", "UTC", "date", "Choose a date"],
  ["2027-04-01", "", "UTC", "time", "Choose a time"],
])("refuses %s %s in %s beside the %s", (date, time, timeZone, field, message) => {
  const { error } = scheduleFormSchema(timeZone).safeParse({ date, time });

  expect(error?.issues).toMatchObject([{ path: [field], message }]);
});
