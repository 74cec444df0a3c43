import { expect, test } from "vitest";
import { sql } from "@/lib/db";
import { arrayOf } from "@/lib/db/array";

test.each([
  [[]],
  [["plain", "wamid.HBgL+/A=", "2026-11-25T00:00:00.000Z"]],
  [[null, "null", "NULL", "nuLL", "None"]],
  [["", " ", "a b", "a,b", "{a}", 'say "no"', "back\\slash", "'", "ä 👋", "line\nbreak", '\\"']],
])("%j arrives as it is", async (values) => {
  expect(await sql`SELECT ${arrayOf(values)}::text[] AS values`).toEqual([{ values }]);
});

test("numbers and truth values are read as such", async () => {
  expect(
    await sql`SELECT ${arrayOf([1, -2, null])}::int[] AS ints, ${arrayOf([true, false])}::bool[] AS bools`,
  ).toEqual([{ ints: [1, -2, null], bools: [true, false] }]);
});
