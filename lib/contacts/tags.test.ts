import { expect, test } from "vitest";
import { joinTags, splitTags } from "@/lib/contacts/tags";

test.each([
  [["a", "b c"], "a, b c"],
  [["Pune, old", 'say "hi"', "a;b"], '"Pune, old", "say ""hi""", "a;b"'],
  [[], ""],
  [['"'], '""""'],
])("tags %j are one cell and back", (tags, cell) => {
  expect(joinTags(tags)).toBe(cell);
  expect(splitTags(cell)).toEqual(tags);
});

test.each([
  ["a;b|c, d", ["a", "b", "c", "d"]],
  [' , ,"" ,a', ["a"]],
  ['5" screen, b', ['5" screen', "b"]],
  ['"open, b', ['"open', "b"]],
  ['"a" b, c', ['"a" b', "c"]],
])("the cell %j of another tool is read as %j", (cell, tags) => {
  expect(splitTags(cell)).toEqual(tags);
});
