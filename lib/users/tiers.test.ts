import { expect, test } from "vitest";
import { noRoom, refuseFile, tierLimits, warnOfLimit } from "@/lib/users/tiers";

test("each plan has more than the one before it", () => {
  const { free, basic, pro } = tierLimits;
  expect([free, basic, pro].map(({ contacts }) => contacts)).toEqual([10_000, 100_000, 5_000_000]);
  expect(free.rowsPerFile < basic.rowsPerFile && basic.rowsPerFile < pro.rowsPerFile).toBe(true);
});

test("a file with too many rows is refused with both numbers", () => {
  expect(refuseFile("free", 25_000)).toBeNull();
  expect(refuseFile("free", 25_001)).toMatch(/has 25,001 rows; on the free plan a file may have 25,000/);
});

test.each([
  [9_000, 1_000, null],
  [
    300,
    12_100,
    /would bring you to 12,400 contacts; the free plan has 10,000\. Only the first 9,700 of its 12,100/,
  ],
  [10_000, 1, /None of its 1 new people/],
  [12_000, 5, /None of its 5/],
] as const)("with %d contacts and %d new people: %s", (contacts, newcomers, expected) => {
  const sentence = warnOfLimit("free", contacts, newcomers);
  if (expected) expect(sentence).toMatch(expected);
  else expect(sentence).toBeNull();
});

test("the reason of a row names the plan and its limit", () => {
  expect(noRoom("basic")).toBe("There is no room: the basic plan has 100,000 contacts");
});
