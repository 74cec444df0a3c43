import {
  type Condition,
  type Filter,
  isSearchable,
  type Period,
  wordsOf,
} from "@/lib/contact-filters/schema";
import { type Part, part, sql, transaction } from "@/lib/db";
import type { UserId } from "@/lib/tenant";

/** LIKE reads `%`, `_` and `\` as more than themselves. */
const partOfText = (text: string) => `%${text.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;

const searchText = part`contact_search_text(contact.name, contact.email, contact.phone, contact.metadata)`;

/** The start of a day of the account's time zone. */
const dayOf = (userId: UserId, day: string): Part => part`(
  SELECT ${day}::date::timestamp AT TIME ZONE "timeZone" FROM users WHERE id = ${userId})`;

type Bounds = { from: Part | null; to: Part | null };

function boundsOf(userId: UserId, period: Period): Bounds {
  if (period.when !== "between") {
    const since = part`now() - ${period.days} * interval '1 day'`;
    return period.when === "within" ? { from: since, to: null } : { from: null, to: since };
  }
  const { from, to } = period;
  return {
    from: from === null ? null : dayOf(userId, from),
    to: to === null ? null : part`(${dayOf(userId, to)} + interval '1 day')`,
  };
}

/** The instants of a column within bounds; with no lower bound `orNull` says whether none at all is within. */
function within(column: Part, { from, to }: Bounds, { orNull }: { orNull: boolean }): Part {
  const after = from ? part`${column} >= ${from}` : part`true`;
  const before = to ? part`${column} < ${to}` : part`true`;
  return orNull ? part`((${after} AND ${before}) OR ${column} IS NULL)` : part`(${after} AND ${before})`;
}

/** The newest message that was sent to the person lies within the bounds: one does, and none is newer. */
function lastMessage(userId: UserId, period: Period): Part {
  const { from, to } = boundsOf(userId, period);
  const sent = (since: Part | null): Part => part`EXISTS (
    SELECT FROM messages message
    WHERE message."userId" = ${userId} AND message."contactId" = contact.id AND message.direction = 'outbound'
      AND message."sentAt" >= ${since ?? part`'-infinity'::timestamptz`})`;
  const isNotNewer = to ? part`NOT ${sent(to)}` : part`true`;
  return period.when === "not_within" ? isNotNewer : part`(${sent(from)} AND ${isNotNewer})`;
}

function campaign(userId: UserId, { did, campaignId }: Extract<Condition, { field: "campaign" }>): Part {
  const hasReplied = did.endsWith("replied") ? part`contact."lastInboundAt" >= message."sentAt"` : part`true`;
  // Whoever wrote after the campaign's message wrote after its start, and of those there is an index. WhatsApp's clock,
  // which says when a message was sent, is given a day.
  const wroteLately = part`contact."lastInboundAt" >= (
    SELECT coalesce("startedAt" - interval '1 day', '-infinity') FROM campaigns
    WHERE "userId" = ${userId} AND id = ${campaignId})`;
  const was = part`EXISTS (
    SELECT FROM messages message
    WHERE message."userId" = ${userId} AND message."campaignId" = ${campaignId} AND message."contactId" = contact.id
      AND message."sentAt" IS NOT NULL AND ${hasReplied})`;
  if (did === "replied") return part`(${wroteLately} AND ${was})`;
  // Of a deleted campaign nobody can be said not to have got it: it must not become a condition that everybody meets.
  return did.startsWith("not")
    ? part`(NOT ${was} AND EXISTS (SELECT FROM campaigns WHERE "userId" = ${userId} AND id = ${campaignId}))`
    : was;
}

function custom({ key, match, value }: Extract<Condition, { field: "custom" }>): Part {
  switch (match) {
    case "exists":
      return part`contact.metadata ? ${key}::text`;
    case "missing":
      return part`NOT contact.metadata ? ${key}::text`;
    case "equals":
      return part`contact.metadata @> ${JSON.stringify({ [key]: value })}::jsonb`;
    case "contains":
      // The search's index finds whoever has it anywhere; custom fields are there as JSON writes them.
      return part`(${searchText} LIKE ${partOfText(JSON.stringify(value).slice(1, -1))}
        AND lower(contact.metadata ->> ${key}::text) LIKE ${partOfText(value)})`;
  }
}

const search = (text: string): Part =>
  wordsOf(text)
    .map((word) => part`${searchText} LIKE ${partOfText(word)}`)
    .reduce((all, next) => part`${all} AND ${next}`, part`true`);

/** The range is for the index on names, LIKE for collations in which it holds more. */
const beginning = (text: string): Part => part`(
  lower(contact.name) >= ${text.toLowerCase()} AND lower(contact.name) < ${`${text.toLowerCase()}\u{10ffff}`}
  AND lower(contact.name) LIKE ${partOfText(text).slice(1)})`;

/** Digits only differ after the `+`, so the order of numbers is the same in every collation. */
function callingCode(code: string): Part {
  const next = String(Number(code) + 1);
  // After +9… comes nothing that a number could begin with.
  return next.length > code.length
    ? part`contact.phone >= ${`+${code}`}`
    : part`(contact.phone >= ${`+${code}`} AND contact.phone < ${`+${next}`})`;
}

function conditionOf(userId: UserId, condition: Condition): Part {
  switch (condition.field) {
    case "consent":
      if (condition.is === "in") return part`contact."optedIn"`;
      return condition.is === "out"
        ? part`(NOT contact."optedIn" AND contact."optedOutAt" IS NOT NULL)`
        : part`(NOT contact."optedIn" AND contact."optedOutAt" IS NULL)`;
    case "blocked":
      return condition.is ? part`contact."isBlocked"` : part`NOT contact."isBlocked"`;
    case "tags":
      if (condition.match === "all") {
        // One by one, so that the planner sees a tag that another condition denies.
        return condition.tags
          .map((tag) => part`contact.tags && ${[tag]}::text[]`)
          .reduce((all, next) => part`${all} AND ${next}`);
      }
      return condition.match === "any"
        ? part`contact.tags && ${condition.tags}::text[]`
        : part`NOT contact.tags && ${condition.tags}::text[]`;
    case "source":
      return part`contact."optInSource" = ANY(${condition.sources}::"OptInSource"[])`;
    case "calling_code":
      return condition.codes.map(callingCode).reduce((either, next) => part`(${either} OR ${next})`);
    case "created": {
      // The id holds the instant, and the list is ordered by it.
      const { from, to } = boundsOf(userId, condition.period);
      const after = from ? part`contact.id >= uuid_v7_floor(${from})` : part`true`;
      return to ? part`(${after} AND contact.id < uuid_v7_floor(${to}))` : after;
    }
    case "last_message":
      return lastMessage(userId, condition.period);
    case "last_reply":
      return within(part`contact."lastInboundAt"`, boundsOf(userId, condition.period), {
        orNull: condition.period.when === "not_within",
      });
    case "campaign":
      return campaign(userId, condition);
    case "imported":
      return part`contact."importId" = ${condition.importId}`;
    case "custom":
      return custom(condition);
    case "search":
      return isSearchable(condition.text) ? search(condition.text) : beginning(condition.text);
  }
}

/** For every statement over `contacts contact`: the account's people whom a filter means. */
export const matches = (userId: UserId, filter: Filter): Part =>
  filter.reduce(
    (all, condition) => part`${all} AND ${conditionOf(userId, condition)}`,
    part`contact."userId" = ${userId} AND contact."deletedAt" IS NULL`,
  );

/** Of a filter what an index by id can begin and end with. */
export const addedWithin = (userId: UserId, filter: Filter): Part =>
  filter
    .filter(({ field }) => field === "created")
    .reduce((all, condition) => part`${all} AND ${conditionOf(userId, condition)}`, part`true`);

const COUNT_LIMIT = 10_000;

export const contactFilterRepository = {
  /** Exact up to 10,000; more are only known to be more. */
  async count(userId: UserId, filter: Filter): Promise<{ count: number; isMore: boolean }> {
    const [row] = await transaction(async (sql) => {
      // What nobody can meet need not be looked for.
      await sql`SET LOCAL constraint_exclusion = on`;
      return sql<{ count: number }>`
        SELECT count(*)::int AS count FROM (
          SELECT FROM contacts contact WHERE ${matches(userId, filter)} LIMIT ${COUNT_LIMIT + 1}
        ) AS found`;
    });
    const count = row?.count ?? 0;
    return { count: Math.min(count, COUNT_LIMIT), isMore: count > COUNT_LIMIT };
  },

  /** However many they are. */
  async countAll(userId: UserId, filter: Filter): Promise<number> {
    const [row] = await sql<{ count: number }>`
      SELECT count(*)::int AS count FROM contacts contact WHERE ${matches(userId, filter)}`;
    return row?.count ?? 0;
  },
};
