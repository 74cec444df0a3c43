import { addedWithin, matches } from "@/lib/contact-filters/repository";
import { type ContactListQuery, filterOf, type Sort } from "@/lib/contact-filters/schema";
import { type Part, part, type Sql, transaction } from "@/lib/db";
import type { Contact } from "@/lib/db/generated/client";
import type { UserId } from "@/lib/tenant";

const PAGE_SIZE = 50;

/** So many rows in the order of the list are looked at first, and so many at most before the matching ones are collected. */
const WINDOW = 4000;
const MAX_WINDOW = 60_000;

export type ListedContact = Pick<
  Contact,
  | "id"
  | "phone"
  | "name"
  | "email"
  | "optedIn"
  | "optedInAt"
  | "optedOutAt"
  | "optInSource"
  | "tags"
  | "isBlocked"
  | "lastInboundAt"
  | "createdAt"
> & { metadata: Record<string, string> };

type Row = ListedContact & { sortedBy: string | null };
type Cursor = { id: string; sortedBy: string | null };
type Direction = "next" | "previous";

/** How people are sorted, and the same as an index has it that begins with the account. */
type Order = { people: Part; index: Part };

/** A stretch of a list that one index walks through: those who have what it is sorted by, and then those who lack it. */
type Stretch = {
  isKeyed: boolean;
  where: Part;
  /** Whose people, as it leads through that index. */
  walked: Part;
  order: Record<Direction, Order>;
  beyond(cursor: Cursor): Record<Direction, Part>;
};

/**
 * Bounds instead of one value, and an order that begins with it: for one value the planner takes that order for granted
 * and may walk the primary key through everybody else's people. Only for a walk: any other index would read the account's
 * people once more for the bounds.
 */
const owned = (userId: UserId) => part`contact."userId" BETWEEN ${userId} AND ${userId}`;

const ascending = (people: Part): Order => ({ people, index: part`contact."userId", ${people}` });
const descending = (people: Part): Order => ({ people, index: part`contact."userId" DESC, ${people}` });

const byId = (userId: UserId, where: Part, walked: Part): Stretch => ({
  isKeyed: false,
  where,
  walked,
  order: { next: descending(part`contact.id DESC`), previous: ascending(part`contact.id`) },
  beyond: ({ id }) => ({
    next: part`(contact."userId", contact.id) < (${userId}, ${id}::uuid)`,
    previous: part`(contact."userId", contact.id) > (${userId}, ${id}::uuid)`,
  }),
});

const byKey = (userId: UserId, key: Part, cast: (text: string | null) => Part) => {
  const up = ascending(part`${key}, contact.id`);
  const down = descending(part`${key} DESC, contact.id DESC`);
  const compared = ({ id, sortedBy }: Cursor) => {
    const edge = part`(${userId}, ${cast(sortedBy)}, ${id}::uuid)`;
    return { above: part`(${up.index}) > ${edge}`, below: part`(${up.index}) < ${edge}` };
  };
  return { isKeyed: true, where: part`${key} IS NOT NULL`, walked: owned(userId), up, down, compared };
};

/** What a list is sorted by, as text for the cursor: exact, because it is compared with what it came from. */
const sortedBy: Record<Sort, Part> = {
  newest: part`NULL`,
  name: part`lower(contact.name)`,
  last_reply: part`contact."lastInboundAt"::text`,
};

function stretchesOf(userId: UserId, sort: Sort): Stretch[] {
  if (sort === "newest") return [byId(userId, part`true`, owned(userId))];
  if (sort === "name") {
    const { up, down, compared, ...named } = byKey(
      userId,
      part`lower(contact.name)`,
      (text) => part`${text}::text`,
    );
    return [
      {
        ...named,
        order: { next: up, previous: down },
        beyond: (cursor) => ({ next: compared(cursor).above, previous: compared(cursor).below }),
      },
      byId(userId, part`lower(contact.name) IS NULL`, part`contact."userId" = ${userId}`),
    ];
  }
  const { up, down, compared, ...replied } = byKey(
    userId,
    part`contact."lastInboundAt"`,
    (text) => part`${text}::timestamptz`,
  );
  return [
    {
      ...replied,
      order: { next: down, previous: up },
      beyond: (cursor) => ({ next: compared(cursor).below, previous: compared(cursor).above }),
    },
    byId(userId, part`contact."lastInboundAt" IS NULL`, owned(userId)),
  ];
}

export const contactListRepository = {
  /**
   * A page of the people whom a filter means. What is common is soon found in the order of the list; what is rare is
   * collected through its index and then sorted. A statement that left the choice to the planner would walk through a
   * million people for a handful.
   */
  async page(userId: UserId, query: ContactListQuery) {
    const { sort = "newest", direction = "next" } = query;
    const cursor = query.cursor === undefined ? null : readCursor(query.cursor);
    const way = cursor ? direction : "next";
    const stretches = stretchesOf(userId, sort);
    const ordered = way === "next" ? stretches : stretches.toReversed();
    const start = cursor
      ? Math.max(
          ordered.findIndex(({ isKeyed }) => isKeyed === (cursor.sortedBy !== null)),
          0,
        )
      : 0;
    const filter = matches(userId, filterOf(query));
    const rows = await transaction(async (sql) => {
      // Reading every account's people is never the way to one account's; people and indexes that lists are made of are
      // in memory, where a page costs no more than a few rows; and what nobody can meet need not be looked for.
      await sql`SELECT set_config('enable_seqscan', 'off', true), set_config('seq_page_cost', '0.1', true),
        set_config('random_page_cost', '0.1', true), set_config('constraint_exclusion', 'on', true)`;
      const found: Row[] = [];
      const added = addedWithin(userId, filterOf(query));
      for (const [index, { where, walked, order, beyond }] of ordered.slice(start).entries()) {
        const isCursors = cursor !== null && index === 0;
        found.push(
          ...(await take(sql, userId, {
            sortedBy: sortedBy[sort],
            filter,
            walked,
            where: part`${isCursors ? part`${where} AND ${beyond(cursor)[way]}` : where} AND ${added}`,
            order: order[way],
            count: PAGE_SIZE + 1 - found.length,
          })),
        );
        if (found.length > PAGE_SIZE) break;
      }
      return found;
    });
    const page = rows.slice(0, PAGE_SIZE);
    const items = way === "previous" ? page.reverse() : page;
    const hasMore = rows.length > PAGE_SIZE;
    const [first, last] = [items[0], items.at(-1)];
    return {
      items,
      nextCursor: last && (way === "previous" || hasMore) ? cursorOf(last) : null,
      previousCursor: first && (way === "previous" ? hasMore : cursor) ? cursorOf(first) : null,
    };
  },
};

type Slice = {
  sortedBy: Part;
  filter: Part;
  walked: Part;
  where: Part;
  order: Order;
  count: number;
};

async function take(
  sql: Sql,
  userId: UserId,
  { sortedBy, filter, walked, where, order, count }: Slice,
): Promise<Row[]> {
  const columns = part`contact.id, contact.phone, contact.name, contact.email, contact."optedIn", contact."optedInAt",
    contact."optedOutAt", contact."optInSource", contact.tags, contact.metadata, contact."isBlocked",
    contact."lastInboundAt", contact."createdAt", ${sortedBy} AS "sortedBy"`;
  const among = (window: number) => sql<Row>`
    SELECT ${columns} FROM (
      SELECT * FROM contacts contact WHERE ${walked} AND ${where} ORDER BY ${order.index} LIMIT ${window}
    ) AS contact
    WHERE ${filter} ORDER BY ${order.index} LIMIT ${count}`;
  const near = await among(WINDOW);
  if (near.length === count) return near;
  // As many as were found so soon are likely to go on like that.
  const window = Math.ceil((2 * WINDOW * count) / near.length);
  if (window <= MAX_WINDOW) {
    const further = await among(window);
    if (further.length === count) return further;
  }
  return sql<Row>`
    SELECT ${columns}
    FROM (
      SELECT contact.id FROM (
        SELECT contact.id, contact.name, contact."lastInboundAt" FROM contacts contact
        WHERE ${filter} AND ${where} OFFSET 0
      ) AS contact
      ORDER BY ${order.people} LIMIT ${count}
    ) AS edge
    JOIN contacts contact ON contact."userId" = ${userId} AND contact.id = edge.id
    ORDER BY ${order.people}`;
}

const cursorOf = ({ id, sortedBy }: Row) => (sortedBy === null ? id : `${id}~${sortedBy}`);

function readCursor(cursor: string): Cursor {
  const [id = "", ...sortedBy] = cursor.split("~");
  return { id, sortedBy: sortedBy.length > 0 ? sortedBy.join("~") : null };
}
