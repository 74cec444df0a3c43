import { describe, expect, test } from "vitest";
import type { Condition, ContactListQuery } from "@/lib/contact-filters/schema";
import { contactListRepository } from "@/lib/contact-lists/repository";
import { sql } from "@/lib/db";
import type { UserId } from "@/lib/tenant";
import { createUser } from "@/lib/testing/factories";

async function walk(userId: UserId, query: ContactListQuery) {
  const pages = [await contactListRepository.page(userId, query)];
  for (let last = pages[0]; last?.nextCursor && pages.length < 20; last = pages.at(-1)) {
    pages.push(await contactListRepository.page(userId, { ...query, cursor: last.nextCursor }));
  }
  return pages;
}

/** Every third has no name, every fourth has written; names and instants repeat. */
async function createPeople(userId: UserId, count: number) {
  await sql`
    INSERT INTO contacts ("userId", phone, name, tags, "lastInboundAt")
    SELECT ${userId}, '+9198' || (10000000 + n),
      CASE WHEN n % 3 > 0 THEN (ARRAY['Zoë ~ 1','asha','Bo','Ähm'])[1 + n % 4] END,
      CASE WHEN n <= 60 THEN ARRAY['first'] ELSE '{}' END,
      CASE WHEN n % 4 = 0 THEN now() - n / 8 * interval '1 hour' END
    FROM generate_series(1, ${count}::int) AS n`;
}

const orders = {
  newest: "id DESC",
  name: "lower(name), CASE WHEN name IS NULL THEN id END DESC, id",
  last_reply: `"lastInboundAt" DESC NULLS LAST, id DESC`,
};

describe("a list", () => {
  test.each(["newest", "name", "last_reply"] as const)(
    "by %s has everybody once, forwards and back",
    async (sort) => {
      const userId = await createUser();
      await createPeople(userId, 170);
      const { pool } = await import("@/lib/db/pool");
      const { rows } = await pool.query<{ id: string }>(
        `SELECT id FROM contacts WHERE "userId" = $1 ORDER BY ${orders[sort]}`,
        [userId],
      );

      const pages = await walk(userId, { sort });

      expect(pages.map(({ items }) => items.length)).toEqual([50, 50, 50, 20]);
      expect(pages.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(rows.map(({ id }) => id));
      expect(pages[0]?.previousCursor).toBeNull();
      for (const [index, page] of pages.entries()) {
        if (!page.previousCursor) continue;
        const before = await contactListRepository.page(userId, {
          ...{ sort, cursor: page.previousCursor, direction: "previous" },
        });
        expect(before.items).toEqual(pages[index - 1]?.items);
        expect(before.nextCursor).toBe(pages[index - 1]?.nextCursor);
      }
    },
  );

  test.each(["newest", "name", "last_reply"] as const)(
    "by %s finds the few behind thousands who do not match",
    async (sort) => {
      const userId = await createUser();
      await createPeople(userId, 5000);

      const pages = await walk(userId, { sort, tag: "first" });

      expect(pages.map(({ items }) => items.length)).toEqual([50, 10]);
    },
  );

  test.each(["newest", "name", "last_reply"] as const)(
    "by %s has everybody in order when they are thinly spread, also among the people of some days only",
    async (sort) => {
      const userId = await createUser();
      await createPeople(userId, 12_000);
      await sql`
        UPDATE contacts SET tags = '{thin}' WHERE "userId" = ${userId} AND right(phone, 2) IN ('00', '50')`;
      const { pool } = await import("@/lib/db/pool");
      const { rows } = await pool.query<{ id: string }>(
        `SELECT id FROM contacts WHERE "userId" = $1 AND tags = '{thin}' ORDER BY ${orders[sort]}`,
        [userId],
      );
      const thin: Condition = { field: "tags", match: "any", tags: ["thin"] };
      const added = (when: "within" | "not_within"): Condition => ({
        field: "created",
        period: { when, days: 1 },
      });

      const pages = await walk(userId, { sort, filter: [thin, added("within")] });

      expect(pages.map(({ items }) => items.length)).toEqual([50, 50, 50, 50, 40]);
      expect(pages.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(rows.map(({ id }) => id));
      expect((await walk(userId, { sort, filter: [thin, added("not_within")] }))[0]?.items).toEqual([]);
    },
  );

  test("starts over at a cursor that is nobody's", async () => {
    const userId = await createUser();
    await createPeople(userId, 10);

    const { items } = await contactListRepository.page(userId, {
      cursor: "ffffffff-ffff-7fff-bfff-ffffffffffff",
    });

    expect(items).toHaveLength(10);
  });
});
