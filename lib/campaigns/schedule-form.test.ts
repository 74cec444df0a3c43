import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { scheduleFormSchema } from "@/lib/campaigns/schedule-form";

const asSoonAsPossible = { missedSchedule: "send", missedHours: Number.NaN };

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
  expect(scheduleFormSchema(timeZone).parse({ date, time, ...asSoonAsPossible })).toEqual({
    scheduledAt: instant,
    missedSchedule: "send",
    missedHours: null,
  });
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
  const { error } = scheduleFormSchema(timeZone).safeParse({ date, time, ...asSoonAsPossible });

  expect(error?.issues).toMatchObject([{ path: [field], message }]);
});

const tomorrow = { date: "2027-03-28", time: "09:00" };

test.each([
  ["send_within", 6, 6],
  ["hold", Number.NaN, null],
])("keeps the hours of the rule %s when there are %s", (missedSchedule, missedHours, expected) => {
  const chosen = scheduleFormSchema("UTC").parse({ ...tomorrow, missedSchedule, missedHours });

  expect(chosen).toMatchObject({ missedSchedule, missedHours: expected });
});

test.each([
  [Number.NaN, "Enter a whole number"],
  [0, "Enter 1 to 168 hours"],
  [1.5, "Enter a whole number"],
])("refuses %s hours beside the hours", (missedHours, message) => {
  const chosen = { ...tomorrow, missedSchedule: "send_within", missedHours };

  expect(scheduleFormSchema("UTC").safeParse(chosen).error?.issues).toMatchObject([
    { path: ["missedHours"], message },
  ]);
});
