import { expect, test } from "vitest";
import { clean, parseClean } from "@/lib/webhook-events/clean";

test.each([
  ["a\0b", "a\uFFFDb"],
  ["\uD800", "\uFFFD"],
  ["👋", "👋"],
  [{ "k\0": ["\0", 1, null, true] }, { "k\uFFFD": ["\uFFFD", 1, null, true] }],
])("%j becomes %j", (value, expected) => {
  expect(clean(value)).toEqual(expected);
});

test.each([
  ['{"a":"b"}', { a: "b" }],
  ['{"a":"\\u0000\\uD83D"}', { a: "\uFFFD\uFFFD" }],
  ['{"a":"\\ud83d\\udc4b\\u00e4"}', { a: "👋ä" }],
])("%s is read as %j", (text, expected) => {
  expect(parseClean(text)).toEqual(expected);
});

test.each(["", "{", "\0"])("%j is no JSON", (text) => {
  expect(() => parseClean(text)).toThrow(SyntaxError);
});
