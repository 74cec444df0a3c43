import { expect, test } from "vitest";
import { isMet, medianOf, mostWithin, verdictOn, verdictOnRatio } from "@/bench/report";

test("takes the middle of the rounds", () => {
  expect(medianOf([3, 1, 2])).toBe(2);
  expect(medianOf([4, 1, 2, 3])).toBe(2);
  expect(() => medianOf([])).toThrow();
});

test("says whether a target is met", () => {
  expect(verdictOnRatio("send", 0.4499, "at least", 0.45)).toBe(
    "send: ratio 0.45 (target at least 0.45) missed",
  );
  expect(verdictOnRatio("freeze", 2, "at most", 2)).toBe("freeze: ratio 2.00 (target at most 2) met");
  expect(verdictOn("rate", "962 messages/s", 962, "at least", 950)).toBe(
    "rate: 962 messages/s (target at least 950) met",
  );
  expect(isMet(400, "below", 400)).toBe(false);
});

test("finds the fullest window wherever it begins", () => {
  expect(mostWithin([0, 999, 1000, 1001, 1998], 1000)).toBe(4);
  expect(mostWithin([1000, 0], 1000)).toBe(1);
  expect(mostWithin([], 1000)).toBe(0);
});
