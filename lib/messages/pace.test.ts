import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { rateOf, reserve, reservedMs, slowDown } from "@/lib/messages/pace";

test("spaces the places of a number evenly, however many are asked for at once", () => {
  const number = randomUUID();

  const waits = Array.from({ length: 5 }, () => reserve(number, 80, 1000));

  expect(waits).toEqual([0, 12.5, 25, 37.5, 50]);
  expect(reservedMs(number, 1000)).toBe(62.5);
});

test("gives no place of the past", () => {
  const number = randomUUID();
  reserve(number, 80, 1000);

  expect(reserve(number, 80, 5000)).toBe(0);
  expect(reservedMs(number, 9000)).toBe(0);
});

test("keeps numbers apart", () => {
  reserve("one", 1, 1000);

  expect(reserve("other", 1, 1000)).toBe(0);
});

test("halves a number's rate once for refusals that come together, and lets it come back slowly", () => {
  const number = randomUUID();

  slowDown(number, 80, 1000);
  slowDown(number, 80, 1900);

  expect(rateOf(number, 80, 1000)).toBe(40);
  expect(rateOf(number, 80, 51_000)).toBe(60);
  expect(rateOf(number, 80, 500_000)).toBe(80);
  slowDown(number, 80, 51_000);
  expect(rateOf(number, 80, 51_000)).toBe(30);
});

test("spaces places by the lowered rate, never below one message a second", () => {
  const number = randomUUID();
  for (let second = 1; second <= 20; second++) slowDown(number, 80, second * 1000);

  expect(rateOf(number, 80, 20_000)).toBeGreaterThanOrEqual(1);
  expect(reserve(number, 80, 20_000)).toBe(0);
  expect(reservedMs(number, 20_000)).toBeGreaterThan(500);
});
