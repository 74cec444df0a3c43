import { type Part, part, type Sql, sql, transaction } from "@/lib/db";
import type { CampaignStatus, MessageDirection, MessageStatus } from "@/lib/db/generated/enums";
import type { EventFilter, EventResult } from "@/lib/event-console/schema";
import { searchPattern } from "@/lib/event-console/search";
import type { EventIds } from "@/lib/event-console/subjects";
import type { EventSummary } from "@/lib/event-console/words";
import type { UserId } from "@/lib/tenant";
import { NO_MESSAGE } from "@/lib/webhook-events/repository";

const PAGE_SIZE = 50;

/** Beyond this a count is "10,000+". */
export const MAX_COUNTED = 10_000;

/** Nobody waits longer for a list; what takes longer is refused with PostgreSQL's 57014. */
const PATIENCE = "5s";

/** Long enough for an outage of seconds and a busy server. */
const SILENT_AFTER = "5 minutes";

const resultParts: Record<EventResult, Part> = {
  processed: part`event."processed"`,
  pending: part`event."processed" = false AND event."errorMessage" IS NULL`,
  waiting: part`event."processed" = false AND event."errorMessage" = ${NO_MESSAGE}`,
  failed: part`event."processed" = false AND event."errorMessage" <> ${NO_MESSAGE}`,
};

/** What a filter says about an `event`. Ids grow with time, so a range of days is a range of ids. */
export function matching(userId: UserId, { kind, result, from, until, search }: EventFilter): Part {
  return [
    kind && part`event."eventType" = ${kind}`,
    result && resultParts[result],
    from && part`event."id" >= uuid_v7_floor(${from}::timestamptz)`,
    until && part`event."id" < uuid_v7_floor(${until}::timestamptz)`,
    search && part`event."payload"::text ILIKE ${searchPattern(search)}`,
  ].reduce<Part>((all, next) => (next ? part`${all} AND ${next}` : all), part`event."userId" = ${userId}`);
}

/**
 * Whether an `event` may be processed once more. What is in `messages` is known by the id of a message. Anything else says
 * how things stood then: once processed it is not repeated, because something newer may have taken its place.
 */
export const repeatable: Part = part`(NOT event."processed" OR NOT jsonb_path_exists(event."payload",
  '$.entry[*].changes[*] ? (@.field != "messages")'))`;

/** Somebody has finished with it, well or not: otherwise it is about to be processed anyway. */
export const finished: Part = part`(event."processed" OR event."errorMessage" IS NOT NULL)`;

export type EventState = {
  id: string;
  eventType: string;
  receivedAt: Date;
  processed: boolean;
  processedAt: Date | null;
  errorMessage: string | null;
};

export type ListedEvent = EventState & EventSummary;

/** A message that an event is about, with the person and the campaign. */
export type EventMessage = {
  id: string;
  direction: MessageDirection;
  status: MessageStatus;
  contactId: string;
  campaignId: string | null;
  campaignName: string | null;
  campaignStatus: CampaignStatus | null;
};
export type EventPerson = { id: string; name: string | null; phone: string | null };
export type EventTemplate = { id: string; name: string };

/** What an owner sees of webhook events, and how many of them are enough to see. */
export const eventConsoleRepository = {
  /** Newest first. */
  async list(
    userId: UserId,
    filter: EventFilter,
    { cursor, direction }: { cursor?: string | undefined; direction?: "next" | "previous" | undefined } = {},
  ) {
    const isBackwards = direction === "previous" && cursor !== undefined;
    const beyond = cursor
      ? isBackwards
        ? part`AND event."id" > ${cursor}`
        : part`AND event."id" < ${cursor}`
      : part``;
    const order = isBackwards ? part`ASC` : part`DESC`;
    const rows = await patiently(
      (run) => run<ListedEvent>`
        SELECT page."id", "eventType", "receivedAt", "processed", "processedAt", "errorMessage", ${summary}
        FROM (
          SELECT event.* FROM webhook_events event WHERE ${matching(userId, filter)} ${beyond}
          ORDER BY event."id" ${order} LIMIT ${PAGE_SIZE + 1}
        ) AS page, ${firsts}
        ORDER BY page."id" ${order}`,
    );
    const page = rows.slice(0, PAGE_SIZE);
    const items = isBackwards ? page.reverse() : page;
    const hasMore = rows.length > PAGE_SIZE;
    return {
      items,
      nextCursor: (isBackwards || hasMore ? items.at(-1)?.id : null) ?? null,
      previousCursor: ((isBackwards ? hasMore : cursor) ? items[0]?.id : null) ?? null,
    };
  },

  /** Exact up to `max`, which stands for more than that when it is exceeded by one. */
  async count(userId: UserId, filter: EventFilter, max = MAX_COUNTED): Promise<number> {
    const [row] = await patiently(
      (run) => run<{ count: number }>`
        SELECT count(*)::int AS count FROM (
          SELECT FROM webhook_events event WHERE ${matching(userId, filter)} LIMIT ${max + 1}
        ) AS counted`,
    );
    return row?.count ?? 0;
  },

  async find(userId: UserId, id: string) {
    const [event] = await sql<EventState & { payload: unknown; isRepeatable: boolean }>`
      SELECT "id", "eventType", "receivedAt", "processed", "processedAt", "errorMessage", "payload",
        ${repeatable} AS "isRepeatable"
      FROM webhook_events event WHERE "userId" = ${userId} AND "id" = ${id}`;
    return event ?? null;
  },

  /** The rows of the account that an event names, as far as they are there. */
  async findSubjects(userId: UserId, ids: EventIds) {
    const messages = await sql<EventMessage>`
      SELECT message."id", message."direction", message."status", message."contactId", message."campaignId",
        campaign."name" AS "campaignName", campaign."status" AS "campaignStatus"
      FROM messages message
      LEFT JOIN campaigns campaign ON campaign."userId" = message."userId" AND campaign."id" = message."campaignId"
      WHERE message."userId" = ${userId}
        AND (message."id" = ANY(${ids.messageIds}::uuid[]) OR message."whatsappMessageId" = ANY(${ids.whatsappMessageIds}))
      ORDER BY message."id"`;
    const people = await sql<EventPerson>`
      SELECT "id", "name", "phone" FROM contacts
      WHERE "userId" = ${userId} AND "deletedAt" IS NULL
        AND ("id" = ANY(${messages.map(({ contactId }) => contactId)}::uuid[]) OR "waId" = ANY(${ids.waIds})
          OR "phone" = ANY(${ids.waIds.map((waId) => `+${waId}`)}) OR "waUserId" = ANY(${ids.waUserIds}))
      ORDER BY "id"`;
    const templates = await sql<EventTemplate>`
      SELECT "id", "name" FROM templates
      WHERE "userId" = ${userId} AND "whatsappTemplateId" = ANY(${ids.templateIds}) ORDER BY "id"`;
    return { messages, people, templates };
  },

  /**
   * Since when WhatsApp has reported nothing although it took messages; null when all is well. It reports each message
   * within seconds. Only what was sent within the last week counts: no account keeps its events for less.
   */
  async findSilence(userId: UserId): Promise<Date | null> {
    const [silence] = await sql<{ since: Date }>`
      WITH heard AS (
        SELECT coalesce(max("receivedAt"), '-infinity') AS "at" FROM (
          SELECT "receivedAt" FROM webhook_events WHERE "userId" = ${userId} ORDER BY "id" DESC LIMIT 1
        ) AS latest
      )
      SELECT message."sentAt" AS "since" FROM heard, campaigns campaign, LATERAL (
        SELECT "sentAt" FROM messages
        WHERE "campaignId" = campaign."id" AND "deliveredAt" IS NULL AND "failedAt" IS NULL AND "sentAt" > heard."at"
          AND "sentAt" BETWEEN now() - interval '7 days' AND now() - ${SILENT_AFTER}::interval
        ORDER BY "id" LIMIT 1
      ) AS message
      WHERE campaign."userId" = ${userId} AND heard."at" < now() - ${SILENT_AFTER}::interval AND campaign."sentCount" > 0
        AND campaign."runSince" > now() - interval '30 days'
        AND (campaign."completedAt" IS NULL OR campaign."completedAt" > greatest(heard."at", now() - interval '7 days'))
      ORDER BY campaign."id" LIMIT 1`;
    return silence?.since ?? null;
  },

  /**
   * Has an event processed once more. False when it may not be, and when nobody has finished with it yet: then it is about
   * to be anyway.
   */
  async reset(userId: UserId, id: string): Promise<boolean> {
    const reset = await sql`
      UPDATE webhook_events event SET "processed" = false, "processedAt" = NULL, "errorMessage" = NULL
      WHERE event."userId" = ${userId} AND event."id" = ${id} AND ${finished} AND ${repeatable}
      RETURNING "id"`;
    return reset.length === 1;
  },
};

/** The first of each kind of thing in the payload of a `page` row, and how many there are. */
const firsts: Part = part`LATERAL (
  SELECT jsonb_path_query_array("payload", '$.entry[*].changes[*].value.statuses[*]') AS "statuses",
    jsonb_path_query_array("payload", '$.entry[*].changes[*].value.messages[*]') AS "messages",
    jsonb_path_query_first("payload", '$.entry[*].changes[*].value') AS "value"
) AS inside`;

const summary: Part = part`
  jsonb_array_length("statuses") AS "statusCount", "statuses" -> 0 ->> 'status' AS "status",
  "statuses" -> 0 ->> 'recipient_id' AS "recipient",
  jsonb_array_length("messages") AS "messageCount", "messages" -> 0 ->> 'type' AS "messageType",
  "messages" -> 0 ->> 'from' AS "sender", left("messages" -> 0 #>> '{text,body}', 80) AS "text",
  "value" ->> 'message_template_name' AS "templateName", coalesce("value" ->> 'event', "value" ->> 'decision',
    "value" ->> 'new_quality_score', "value" ->> 'new_category', "value" ->> 'username',
    "value" #>> '{alert_info,alert_type}', "value" #>> '{user_preferences,0,value}') AS "report"`;

async function patiently<T>(work: (run: Sql) => Promise<T>): Promise<T> {
  return transaction(async (run) => {
    await run`SELECT set_config('statement_timeout', ${PATIENCE}, true)`;
    return work(run);
  });
}
