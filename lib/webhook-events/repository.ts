import { type Part, part, type Sql, sql, transaction } from "@/lib/db";
import { arrayOf } from "@/lib/db/array";
import { isRefused } from "@/lib/db/errors";
import { logger } from "@/lib/logger";
import { messageRepository } from "@/lib/messages/repository";
import type { Receipt } from "@/lib/messages/status";
import { type UserId, userIdSchema } from "@/lib/tenant";

export type NewWebhookEvent = {
  userId: UserId | null;
  eventType: string;
  /** As JSON. */
  payload: string;
  /**
   * What to apply, where that is all there is to do: few in the transaction that stores the event, more after it. Null
   * leaves the event to whoever takes it.
   */
  receipts: Receipt[] | null;
};
/** An event that is stored and taken by whoever stored it: nobody else takes it within a minute. */
export type TakenEvent = { id: string; userId: UserId | null; receipts: Receipt[] };
export type PendingWebhookEvent = { id: string; userId: UserId | null; payload: unknown };

/** What became of an event: processed, or not, with the reason; and the one message it is about, if it is one. */
export type Outcome = { id: string; errorMessage: string | null; messageId: string | null };

/** Why an event waits whose message is not there. */
export const NO_MESSAGE = "There is no message with this id yet.";

/** More than so many statuses in one call are applied after it was acknowledged, so that no acknowledgement waits for them. */
const MAX_APPLIED_AT_ONCE = 20;

/** Whoever stores webhooks waits this long for rows that others hold, then leaves the rest to the processor. */
const LOCK_TIMEOUT = "1s";

/** An event that was taken and is not done after this long was left behind by somebody who died. */
const taken = part`"processedAt" > now() - interval '1 minute'`;

export const webhookEventRepository = {
  /**
   * Keeps what Meta sent, all or nothing. Only after this may it be acknowledged. Few receipts are applied in the same
   * transaction where that works. `taken`: what the caller has to apply; `hasMore`: whether something waits to be taken.
   */
  async record(events: NewWebhookEvent[]): Promise<{ taken: TakenEvent[]; hasMore: boolean }> {
    if (events.some(isAppliedAtOnce)) {
      try {
        return await transaction((run) => recordAndApply(events, run));
      } catch (error) {
        if (!isRefused(error)) throw error;
        logger.warn({ error: String(error) }, "receipts could not be applied while they were stored");
        await insert(events.map(untouched), sql);
        return { taken: [], hasMore: true };
      }
    }
    return insert(events.map(untouched), sql);
  },

  /** Takes the oldest events that nobody has processed, without those that failed or wait for their message. */
  async takeUnprocessed(limit = 100): Promise<PendingWebhookEvent[]> {
    return take(
      part`"errorMessage" IS NULL AND ("processedAt" IS NULL OR NOT ${taken})`,
      part`"receivedAt"`,
      limit,
    );
  },

  /**
   * Takes events of the last day that failed, or that wait for their message, the longest untried first. Each apart:
   * where a campaign was deleted too early, very many wait for nothing.
   */
  async takeParked(why: "failed" | "waiting", limit = 250): Promise<PendingWebhookEvent[]> {
    const isWanted = why === "waiting" ? part`= ${NO_MESSAGE}` : part`<> ${NO_MESSAGE}`;
    return take(
      part`"errorMessage" ${isWanted} AND "receivedAt" > now() - interval '1 day'`,
      part`"processedAt"`,
      limit,
    );
  },

  /** Applies what events report and marks them in the same transaction, all or nothing. */
  async apply(events: { id: string; userId: UserId | null; receipts: Receipt[] }[]): Promise<void> {
    await transaction(async (run) => {
      const applied = await applyReceipts(events, run);
      await mark(
        events.map(({ id }, index) => ({ id, errorMessage: null, messageId: null, ...applied[index] })),
        run,
      );
    });
  },

  /** `processedAt` of an event that is not processed is its last try; it is tried again for a day. */
  async settle(outcomes: Outcome[]): Promise<void> {
    await mark(outcomes, sql);
  },

  /**
   * Deletes events older than their account's own number of days, or than `days` where it has none; events of nobody
   * too. In small statements, so that nobody waits for it, and about `limit` of them, oldest first. May be cut off and
   * repeated. Returns how many were deleted, of all tenants.
   */
  async deleteOldEvents(days: number, limit = Number.POSITIVE_INFINITY): Promise<number> {
    let deleted = 0;
    for (let seen: Seen | null = NOTHING_SEEN; seen && deleted < limit; ) {
      const batch = await deleteNext(days, seen);
      deleted += batch?.deleted ?? 0;
      seen = batch;
    }
    for (let size = DELETED_AT_ONCE; size === DELETED_AT_ONCE && deleted < limit; deleted += size) {
      size = await deleteEarlier(days);
    }
    return deleted;
  },
};

const DELETED_AT_ONCE = 5_000;

/** How far the oldest events have been looked at. */
type Seen = { receivedAt: Date | null; id: string };
const NOTHING_SEEN: Seen = { receivedAt: null, id: "00000000-0000-0000-0000-000000000000" };

/** Deletes of the next events older than `days` all but those whose account keeps them longer. Null at the end. */
async function deleteNext(days: number, after: Seen): Promise<(Seen & { deleted: number }) | null> {
  const [last] = await sql<Seen & { deleted: number }>`
    WITH old AS (
      SELECT event."id", event."receivedAt",
        event."receivedAt" < now() - coalesce(account."webhookEventDays", ${days}::int) * interval '1 day' AS "isExpired"
      FROM webhook_events event LEFT JOIN users account ON account."id" = event."userId"
      WHERE event."receivedAt" < now() - ${days}::int * interval '1 day'
        AND (event."receivedAt", event."id") > (coalesce(${after.receivedAt}::timestamptz, '-infinity'), ${after.id}::uuid)
      ORDER BY event."receivedAt", event."id" LIMIT ${DELETED_AT_ONCE}
      FOR UPDATE OF event SKIP LOCKED
    ), deleted AS (
      DELETE FROM webhook_events USING old WHERE webhook_events."id" = old."id" AND old."isExpired"
      RETURNING webhook_events."id"
    )
    SELECT "id", "receivedAt", (SELECT count(*)::int FROM deleted) AS deleted FROM old
    ORDER BY "receivedAt" DESC, "id" DESC LIMIT 1`;
  return last ?? null;
}

/** Deletes events of accounts that keep them for less than `days`. Ids grow with time, so the oldest are found at once. */
async function deleteEarlier(days: number): Promise<number> {
  const deleted = await sql`
    WITH old AS (
      SELECT event."id" FROM users account CROSS JOIN LATERAL (
        SELECT "id" FROM webhook_events WHERE "userId" = account."id"
          AND "id" < uuid_v7_floor(now() - account."webhookEventDays" * interval '1 day')
        ORDER BY "id" LIMIT ${DELETED_AT_ONCE} FOR UPDATE SKIP LOCKED
      ) AS event
      WHERE account."webhookEventDays" < ${days} LIMIT ${DELETED_AT_ONCE}
    )
    DELETE FROM webhook_events USING old WHERE webhook_events."id" = old."id" RETURNING webhook_events."id"`;
  return deleted.length;
}

const isAppliedAtOnce = ({ receipts }: NewWebhookEvent) =>
  receipts !== null && receipts.length <= MAX_APPLIED_AT_ONCE;

/** `isTouched`: somebody has it in hand or is done with it. */
type StoredEvent = NewWebhookEvent & Applied & { processed: boolean; isTouched: boolean };

const untouched = (event: NewWebhookEvent): StoredEvent => ({
  ...event,
  processed: false,
  isTouched: event.receipts !== null && !isAppliedAtOnce(event),
  errorMessage: null,
  messageId: null,
});

async function recordAndApply(events: NewWebhookEvent[], run: Sql) {
  await run.prepared`SELECT set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`;
  const applied = await applyReceipts(
    events.map((event) => (isAppliedAtOnce(event) ? event : { ...event, receipts: null })),
    run,
  );
  return insert(
    events.map((event, index) => {
      const is = applied[index];
      return is
        ? { ...event, ...is, processed: is.errorMessage === null, isTouched: true }
        : untouched(event);
    }),
    run,
  );
}

/** What came of an event's receipts: whether they found their messages, and which, if it is one. */
type Applied = Pick<Outcome, "errorMessage" | "messageId">;

/** Of what was found for each of an event's receipts. */
export function appliedOf(ids: (string | null)[]): Applied {
  const [first = null] = ids;
  return {
    errorMessage: ids.includes(null) ? NO_MESSAGE : null,
    messageId: ids.every((id) => id === first) ? first : null,
  };
}

/** Of each event; null where there were no receipts to apply. */
async function applyReceipts(
  events: { userId: UserId | null; receipts: Receipt[] | null }[],
  run: Sql,
): Promise<(Applied | null)[]> {
  const owned = events.flatMap(({ userId, receipts }) =>
    userId === null ? [] : (receipts ?? []).map((receipt) => ({ ...receipt, userId })),
  );
  const found = await messageRepository.recordOfAllTenants(owned, run);
  let position = 0;
  return events.map(({ userId, receipts }) => {
    if (receipts === null) return null;
    return appliedOf(userId === null ? [] : receipts.map(() => found.get(position++) ?? null));
  });
}

/** The payloads are one document: as an array of texts, pg escapes and PostgreSQL reads them character by character. */
async function insert(events: StoredEvent[], run: Sql): Promise<{ taken: TakenEvent[]; hasMore: boolean }> {
  const ids = await run.prepared<{ id: string }>`
    WITH stored AS (
      INSERT INTO webhook_events
        ("userId", "eventType", "payload", "messageId", "processed", "errorMessage", "processedAt")
      SELECT "userId", "eventType", "payload", "messageId", "processed", "error", CASE WHEN "isTouched" THEN now() END
      FROM ROWS FROM (
        unnest(
          ${arrayOf(events.map(({ userId }) => userId))}::uuid[],
          ${arrayOf(events.map(({ eventType }) => eventType))}::text[],
          ${arrayOf(events.map(({ messageId }) => messageId))}::uuid[],
          ${arrayOf(events.map(({ processed }) => processed))}::bool[],
          ${arrayOf(events.map(({ errorMessage }) => errorMessage))}::text[],
          ${arrayOf(events.map(({ isTouched }) => isTouched))}::bool[]
        ),
        jsonb_array_elements(${`[${events.map(({ payload }) => payload).join(",")}]`}::jsonb)
      ) AS event ("userId", "eventType", "messageId", "processed", "error", "isTouched", "payload")
      RETURNING "id", "processed", "errorMessage", "processedAt"
    )
    SELECT "id" FROM stored WHERE NOT "processed" AND "errorMessage" IS NULL AND "processedAt" IS NOT NULL`;
  const isTaken = ({ processed, errorMessage, isTouched }: StoredEvent) =>
    isTouched && !processed && errorMessage === null;
  const taken = events.filter(isTaken).map(({ userId, receipts }, index) => ({
    id: ids[index]?.id ?? "",
    userId,
    receipts: receipts ?? [],
  }));
  return { taken, hasMore: events.some(({ isTouched }) => !isTouched) };
}

/** Each event goes to one caller at a time, so that several processes may work side by side. */
async function take(isWanted: Part, order: Part, limit: number): Promise<PendingWebhookEvent[]> {
  const rows = await sql<{ id: string; userId: string | null; payload: unknown }>`
    WITH batch AS (
      SELECT "id" FROM webhook_events WHERE "processed" = false AND ${isWanted}
      ORDER BY ${order}, "id" LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE webhook_events SET "processedAt" = now() FROM batch WHERE webhook_events."id" = batch."id"
    RETURNING webhook_events."id", "userId", "payload"`;
  return rows
    .map((row) => ({ ...row, userId: row.userId === null ? null : userIdSchema.parse(row.userId) }))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

async function mark(outcomes: Outcome[], run: Sql): Promise<void> {
  if (outcomes.length === 0) return;
  await run`
    UPDATE webhook_events SET "processed" = outcome."error" IS NULL, "errorMessage" = outcome."error", "processedAt" = now(),
      "messageId" = coalesce(outcome."messageId", webhook_events."messageId")
    FROM unnest(
      ${arrayOf(outcomes.map(({ id }) => id))}::uuid[],
      ${arrayOf(outcomes.map(({ errorMessage }) => errorMessage))}::text[],
      ${arrayOf(outcomes.map(({ messageId }) => messageId))}::uuid[]
    ) AS outcome ("id", "error", "messageId")
    WHERE webhook_events."id" = outcome."id"`;
}
