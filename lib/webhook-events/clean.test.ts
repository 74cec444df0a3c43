import { expect, test } from "vitest";
import { clean } from "@/lib/webhook-events/clean";

test.each([
  ["a\0b", "a\uFFFDb"],
  ["\uD800", "\uFFFD"],
  ["👋", "👋"],
  [{ "k\0": ["\0", 1, null, true] }, { "k\uFFFD": ["\uFFFD", 1, null, true] }],
])("%j becomes %j", (value, expected) => {
  expect(clean(value)).toEqual(expected);
});
