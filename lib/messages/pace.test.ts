import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { reserve, reservedMs } from "@/lib/messages/pace";

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
