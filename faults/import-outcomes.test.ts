import { expect, test } from "vitest";
import { type Outcome, violationsBetween } from "@/faults/import-outcomes";

const file = { total: 10, rejected: 2, duplicates: 1, rejections: "r", status: "completed" };
const people = [{ contacts: 9, content: "c", consent: "a" }];
const outcome = (change: object = {}, changed: object = {}): Outcome => ({
  files: [
    { ...file, created: 7, updated: 0, unchanged: 0, ...change },
    { ...file, created: 2, updated: 5, unchanged: 0 },
  ],
  people: people.map((each) => ({ ...each, ...changed })),
});

test("which file was first may differ", () => {
  const other = outcome({ created: 2, updated: 5 });
  other.files[1] = { ...file, created: 7, updated: 0, unchanged: 0 };

  expect(violationsBetween(outcome(), other)).toEqual([]);
});

test.each<[string, object, object, RegExp]>([
  ["a file that failed", { status: "failed" }, {}, /file 1, status: failed/],
  ["a row that is counted twice", { updated: 1 }, {}, /sum of the counts: 11 instead of 10/],
  ["a row that is lost", { total: 9, created: 6 }, {}, /file 1, rows: 9/],
  ["a row created twice", { created: 8, unchanged: -1 }, {}, /created by all files: 10 instead of 9/],
  ["another reason", { rejections: "x" }, {}, /not imported/],
  ["rejected in place of double", { rejected: 3, duplicates: 0 }, {}, /rejected: 3 instead of 2/],
  ["somebody too many", {}, { contacts: 10 }, /contacts: 10/],
  ["another name", {}, { content: "x" }, /what they are/],
  ["an agreement that is lost", {}, { consent: null }, /agreed to: null/],
])("reports %s", (_, change, changed, message) => {
  expect(violationsBetween(outcome(), outcome(change, changed))).toContainEqual(
    expect.stringMatching(message),
  );
});
