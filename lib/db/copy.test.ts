import { expect, test } from "vitest";
import { transaction } from "@/lib/db";
import { copyInto } from "@/lib/db/copy";
import { CopyLines, copyArray, copyField } from "@/lib/db/copy-text";

const awkward = ["plain", "", "\\N", "tab\tnew\nline\r", 'say "hi"', "a\\b", "{,}", "NULL", "Zoë 🎉"];

function of(lines: string[]): CopyLines {
  const all = new CopyLines();
  for (const line of lines) all.add(line);
  return all;
}

test("whatever is copied in comes out as it was", async () => {
  const stored = await transaction(async (sql, client) => {
    await client.query("CREATE TEMP TABLE copied (value text, list text[]) ON COMMIT DROP");
    const lines = awkward.map((value) => `${copyField(value)}\t${copyArray([value, ...awkward])}`);
    await copyInto(client, "copied (value, list)", of([...lines, `${copyField(null)}\t${copyArray([])}`]));
    return sql<{ value: string | null; list: string[] }>`SELECT value, list FROM copied ORDER BY ctid`;
  });

  expect(stored).toEqual([
    ...awkward.map((value) => ({ value, list: [value, ...awkward] })),
    { value: null, list: [] },
  ]);
});

test("more lines than go in one piece arrive, and a bad one takes all of them back", async () => {
  const lines = Array.from({ length: 1_201 }, (_, index) => String(index));
  const copying = (extra: string[]) =>
    transaction(async (sql, client) => {
      await client.query("CREATE TEMP TABLE copied (value int) ON COMMIT DROP");
      await copyInto(client, "copied (value)", of([...lines, ...extra]));
      return sql<{ count: number }>`SELECT count(*)::int AS count FROM copied`;
    });

  expect(await copying([])).toEqual([{ count: 1_201 }]);
  await expect(copying(["no number"])).rejects.toThrow(/invalid input syntax/);
});
