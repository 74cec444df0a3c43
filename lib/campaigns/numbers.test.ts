import { describe, expect, test } from "vitest";
import { formatDuration, formatNumber, formatPeople, formatPercent } from "@/lib/campaigns/numbers";

describe("formatPercent", () => {
  test.each([
    [0, 0, "–"],
    [0, 10, "0%"],
    [1, 1000, "<1%"],
    [10, 1000, "1%"],
    [1, 3, "33%"],
    [2, 3, "66%"],
    [999, 1000, "99%"],
    [1000, 1000, "100%"],
  ])("%i of %i is %s", (part, whole, text) => {
    expect(formatPercent(part, whole)).toBe(text);
  });
});

describe("formatDuration", () => {
  test.each([
    [0, "a second"],
    [-5, "a second"],
    [1, "1 second"],
    [59.4, "59 seconds"],
    [60, "1 minute"],
    [61, "1 minute 1 second"],
    [599, "9 minutes 59 seconds"],
    [851, "14 minutes"],
    [3590, "1 hour"],
    [3600, "1 hour"],
    [3661, "1 hour 1 minute"],
    [7500, "2 hours 5 minutes"],
    [86_400 + 59 * 60, "1 day"],
    [2 * 86_400 + 3 * 3600 + 59 * 60, "2 days 3 hours"],
  ])("%d s is %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

test("numbers are grouped, and one person is no people", () => {
  expect(formatNumber(1_234_567)).toBe("1,234,567");
  expect([0, 1, 2, 1200].map(formatPeople)).toEqual(["0 people", "1 person", "2 people", "1,200 people"]);
});
