import { describe, expect, test } from "vitest";
import { formatOffset, toInstant, toWallClock } from "@/lib/campaigns/zoned-time";

describe("toInstant", () => {
  test.each([
    ["2027-01-15", "09:00", "UTC", "2027-01-15T09:00:00.000Z"],
    ["2027-01-15", "09:00", "Asia/Kathmandu", "2027-01-15T03:15:00.000Z"],
    ["2027-01-15", "02:00", "Asia/Kathmandu", "2027-01-14T20:15:00.000Z"],
    ["2027-01-15", "09:00", "America/New_York", "2027-01-15T14:00:00.000Z"],
    ["2027-07-15", "09:00", "America/New_York", "2027-07-15T13:00:00.000Z"],
    ["2027-01-15", "09:00", "Pacific/Kiritimati", "2027-01-14T19:00:00.000Z"],
    ["2027-03-28", "01:59", "Europe/Rome", "2027-03-28T00:59:00.000Z"],
    ["2027-03-28", "03:00", "Europe/Rome", "2027-03-28T01:00:00.000Z"],
    ["2027-10-31", "01:59", "Europe/Rome", "2027-10-30T23:59:00.000Z"],
    ["2027-10-31", "03:00", "Europe/Rome", "2027-10-31T02:00:00.000Z"],
  ])("%s %s in %s", (date, time, timeZone, instant) => {
    expect(toInstant(date, time, timeZone)).toEqual({
      kind: "instant",
      instant: new Date(instant),
      isTwice: false,
    });
  });

  test.each([
    ["2027-10-31", "02:30", "Europe/Rome", "2027-10-31T00:30:00.000Z"],
    ["2027-11-07", "01:30", "America/New_York", "2027-11-07T05:30:00.000Z"],
    ["2027-04-04", "01:45", "Australia/Lord_Howe", "2027-04-03T14:45:00.000Z"],
  ])("takes the first of two %s %s in %s", (date, time, timeZone, instant) => {
    expect(toInstant(date, time, timeZone)).toEqual({
      kind: "instant",
      instant: new Date(instant),
      isTwice: true,
    });
  });

  test.each([
    ["2027-03-28", "02:00", "Europe/Rome"],
    ["2027-03-28", "02:59", "Europe/Rome"],
    ["2027-03-14", "02:30", "America/New_York"],
  ])("finds no %s %s in %s", (date, time, timeZone) => {
    expect(toInstant(date, time, timeZone)).toEqual({ kind: "skipped" });
  });

  test.each([
    ["", "09:00"],
    ["2027-01-15", ""],
    ["2027-13-01", "09:00"],
    ["2027-01-15", "25:00"],
    ["tomorrow", "noon"],
  ])("cannot read “%s” “%s”", (date, time) => {
    expect(toInstant(date, time, "UTC")).toEqual({ kind: "unreadable" });
  });
});

test.each([
  ["2027-01-14T20:15:00.000Z", "Asia/Kathmandu", "2027-01-15", "02:00", "UTC+05:45"],
  ["2027-07-15T13:00:00.000Z", "America/New_York", "2027-07-15", "09:00", "UTC−04:00"],
  ["2027-10-31T00:30:00.000Z", "Europe/Rome", "2027-10-31", "02:30", "UTC+02:00"],
  ["2027-10-31T01:30:00.000Z", "Europe/Rome", "2027-10-31", "02:30", "UTC+01:00"],
])("%s in %s reads %s %s, %s", (instant, timeZone, date, time, offset) => {
  expect(toWallClock(new Date(instant), timeZone)).toEqual({ date, time });
  expect(formatOffset(new Date(instant), timeZone)).toBe(offset);
});
