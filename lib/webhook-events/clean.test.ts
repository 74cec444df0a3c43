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
  const { value, json } = parseClean(text);

  expect(value).toEqual(expected);
  expect(JSON.parse(json)).toEqual(expected);
});

test("a harmless text is kept as it is", () => {
  expect(parseClean('{ "a":\t1.50 }').json).toBe('{ "a":\t1.50 }');
});

test.each(["", "{", "\0"])("%j is no JSON", (text) => {
  expect(() => parseClean(text)).toThrow(SyntaxError);
});
