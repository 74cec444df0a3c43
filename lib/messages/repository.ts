import type { RecipientListQuery } from "@/lib/campaigns/schema";
import { db, part, sql } from "@/lib/db";
import type { Prisma } from "@/lib/db/generated/client";
import type { MessageStatus } from "@/lib/db/generated/enums";
import { OUTCOME_UNKNOWN, type Receipt, type ReceiptState } from "@/lib/messages/status";
import { type UserId, userIdSchema } from "@/lib/tenant";

const PAGE_SIZE = 50;

export type Claimed = { id: string; phone: string; parameters: string[]; retryCount: number };

/** What became of a claimed message when Meta gave no receipt. */
export type Unsettled =
  | { id: string; to: "queued"; retryAfterMs: number; isAttempt: boolean }
  | { id: string; to: "unknown"; errorMessage: string };

const emptyCounts: Record<MessageStatus, number> = {
  queued: 0,
  sending: 0,
  sent: 0,
  delivered: 0,
  read: 0,
  failed: 0,
  unknown: 0,
  skipped: 0,
};

/** A filter of the recipients' list; `reached_…` states are the counters' cumulative ones. */
function stateFilter(state: RecipientListQuery["state"]): Prisma.MessageWhereInput {
  if (state === "reached_sent") return { sentAt: { not: null } };
  if (state === "reached_delivered") return { deliveredAt: { not: null } };
  if (state === "reached_failed") return { failedAt: { not: null } };
  return state ? { status: state } : {};
}

export const messageRepository = {
  /**
   * Hands each queued message to exactly one caller, in the state `sending`, and commits before anything is posted.
   * A paused campaign and a person who opted out, was blocked or deleted since are checked here, at the last moment.
   */
  async claim(userId: UserId, campaignId: string, size: number): Promise<Claimed[]> {
    return sql<Claimed>`
      WITH batch AS (
        SELECT message."id", contact."phone"
        FROM messages message
        JOIN campaigns campaign ON campaign."userId" = message."userId" AND campaign."id" = message."campaignId"
        JOIN contacts contact ON contact."userId" = message."userId" AND contact."id" = message."contactId"
        WHERE message."userId" = ${userId} AND message."campaignId" = ${campaignId} AND message."status" = 'queued'
          AND message."notBefore" <= now()
          AND campaign."status" = 'processing' AND campaign."frozenAt" IS NOT NULL
          AND contact."optedIn" AND NOT contact."isBlocked" AND contact."phone" IS NOT NULL
        ORDER BY message."notBefore", message."id"
        LIMIT ${size}
        FOR UPDATE OF message SKIP LOCKED
      )
      UPDATE messages SET "status" = 'sending', "claimedAt" = now(), "updatedAt" = now()
      FROM batch
      WHERE messages."userId" = ${userId} AND messages."id" = batch."id"
      RETURNING messages."id", batch."phone", messages."content" -> 'parameters' AS parameters, messages."retryCount"`;
  },

  /** Gives back what was claimed and not accepted, or marks it as unknown, which nothing sends again by itself. */
  async settle(userId: UserId, outcomes: Unsettled[]): Promise<void> {
    if (outcomes.length === 0) return;
    await sql`
      UPDATE messages SET "status" = outcome."to"::"MessageStatus", "claimedAt" = NULL, "updatedAt" = now(),
        "notBefore" = now() + outcome."delay" * interval '1 millisecond',
        "retryCount" = "retryCount" + outcome."attempt", "errorMessage" = outcome."error"
      FROM unnest(
        ${outcomes.map(({ id }) => id)}::uuid[],
        ${outcomes.map(({ to }) => to)}::text[],
        ${outcomes.map((outcome) => (outcome.to === "queued" ? outcome.retryAfterMs : 0))}::float[],
        ${outcomes.map((outcome) => (outcome.to === "queued" && outcome.isAttempt ? 1 : 0))}::int[],
        ${outcomes.map((outcome) => (outcome.to === "unknown" ? outcome.errorMessage : null))}::text[]
      ) AS outcome ("id", "to", "delay", "attempt", "error")
      WHERE messages."userId" = ${userId} AND messages."id" = outcome."id" AND messages."status" = 'sending'`;
  },

  /**
   * Applies receipts to the messages of one account and the differences to their campaigns' counters, in one
   * statement. Returns the positions of the receipts whose message was found.
   */
  async record(userId: UserId, receipts: Receipt[]): Promise<Set<number>> {
    return applyReceipts(receipts, userId);
  },

  /** Meta identifies a message only by its own id, so this is the one write without a tenant. */
  async updateStatusByWhatsAppMessageId(whatsappMessageId: string, status: ReceiptState): Promise<boolean> {
    const found = await applyReceipts(
      [{ messageId: null, whatsappMessageId, state: status, at: null, errorCode: null, errorMessage: null }],
      null,
    );
    return found.size === 1;
  },

  /** Meta's own number of a person may differ from the one it was given (Mexico, Brazil, Argentina); replies carry it. */
  async rememberWaIds(userId: UserId, accepted: { id: string; waId: string }[]): Promise<void> {
    if (accepted.length === 0) return;
    await sql`
      UPDATE contacts SET "waId" = accepted."waId", "updatedAt" = now()
      FROM unnest(${accepted.map(({ id }) => id)}::uuid[], ${accepted.map(({ waId }) => waId)}::text[])
        AS accepted ("id", "waId")
      JOIN messages ON messages."userId" = ${userId} AND messages."id" = accepted."id"
      WHERE contacts."userId" = ${userId} AND contacts."id" = messages."contactId"
        AND contacts."waId" IS DISTINCT FROM accepted."waId"`;
  },

  /** Queued people who may no longer be messaged become skipped, each with the reason. */
  async skipIneligible(userId: UserId, campaignId: string): Promise<void> {
    await sql`
      UPDATE messages SET "status" = 'skipped', "updatedAt" = now(), "errorMessage" = CASE
        WHEN contact."deletedAt" IS NOT NULL THEN 'Deleted before the message was sent'
        WHEN contact."isBlocked" THEN 'Blocked before the message was sent'
        WHEN NOT contact."optedIn" THEN 'Opted out before the message was sent'
        ELSE 'Has no phone number' END
      FROM contacts contact
      WHERE messages."userId" = ${userId} AND messages."campaignId" = ${campaignId} AND messages."status" = 'queued'
        AND contact."userId" = messages."userId" AND contact."id" = messages."contactId"
        AND (NOT contact."optedIn" OR contact."isBlocked" OR contact."phone" IS NULL)`;
  },

  /** Milliseconds until the next queued message of a sending campaign is due; null when none is queued. */
  async findNextDueMs(userId: UserId): Promise<number | null> {
    const [row] = await sql<{ ms: number | null }>`
      SELECT (extract(epoch FROM min(greatest(message."notBefore", now())) - now()) * 1000)::float AS ms
      FROM messages message
      JOIN campaigns campaign ON campaign."userId" = message."userId" AND campaign."id" = message."campaignId"
      WHERE message."userId" = ${userId} AND message."status" = 'queued'
        AND campaign."status" = 'processing' AND campaign."frozenAt" IS NOT NULL`;
    return row?.ms ?? null;
  },

  /** How many messages of a campaign are in each state. */
  async countByStatus(userId: UserId, campaignId: string): Promise<Record<MessageStatus, number>> {
    const rows = await sql<{ status: MessageStatus; count: number }>`
      SELECT "status", count(*)::int AS count FROM messages
      WHERE "userId" = ${userId} AND "campaignId" = ${campaignId} GROUP BY "status"`;
    return { ...emptyCounts, ...Object.fromEntries(rows.map(({ status, count }) => [status, count])) };
  },

  async listRecipients(userId: UserId, campaignId: string, { state, cursor }: RecipientListQuery) {
    const rows = await db.message.findMany({
      where: { ...stateFilter(state), ...(cursor && { id: { gt: cursor } }), userId, campaignId },
      select: {
        id: true,
        status: true,
        sentAt: true,
        deliveredAt: true,
        readAt: true,
        failedAt: true,
        errorCode: true,
        errorMessage: true,
        contact: { select: { id: true, name: true, phone: true, deletedAt: true } },
      },
      orderBy: { id: "asc" },
      take: PAGE_SIZE + 1,
    });
    const items = rows.slice(0, PAGE_SIZE);
    return { items, nextCursor: rows.length > PAGE_SIZE ? (items.at(-1)?.id ?? null) : null };
  },

  async isStored(userId: UserId, whatsappMessageId: string): Promise<boolean> {
    const stored = await db.message.findUnique({
      where: { whatsappMessageId, userId },
      select: { id: true },
    });
    return stored !== null;
  },

  /** Keeps what a person wrote. False when it was stored before. */
  async createInbound(
    userId: UserId,
    message: {
      contactId: string;
      whatsappMessageId: string;
      type: "text" | "image" | "document";
      content: object;
      at: Date;
    },
  ): Promise<boolean> {
    const created = await sql`
      INSERT INTO messages ("userId", "contactId", "whatsappMessageId", "direction", "type", "content", "status", "deliveredAt")
      VALUES (${userId}, ${message.contactId}, ${message.whatsappMessageId}, 'inbound', ${message.type},
        ${JSON.stringify(message.content)}::jsonb, 'delivered', ${message.at})
      ON CONFLICT ("whatsappMessageId") DO NOTHING
      RETURNING "id"`;
    return created.length === 1;
  },

  /** Of the given WhatsApp message ids, whose messages they are. */
  async findContacts(userId: UserId, receipts: Receipt[]): Promise<string[]> {
    const rows = await sql<{ contactId: string }>`
      SELECT DISTINCT "contactId" FROM messages WHERE "userId" = ${userId}
        AND ("id" = ANY(${receipts.map(({ messageId }) => messageId)}::uuid[])
          OR "whatsappMessageId" = ANY(${receipts.map(({ whatsappMessageId }) => whatsappMessageId)}::text[]))`;
    return rows.map(({ contactId }) => contactId);
  },

  /** For the sweep: whoever claimed these died or lost the answer; Meta may have them. */
  async abandonStaleOfAllTenants(): Promise<number> {
    const stale = await sql`
      UPDATE messages SET "status" = 'unknown', "updatedAt" = now(),
        "errorMessage" = ${OUTCOME_UNKNOWN}
      WHERE "status" = 'sending' AND "claimedAt" < now() - interval '2 minutes'
      RETURNING "id"`;
    return stale.length;
  },

  /** For the sweep: accounts with messages that are due while nothing was claimed lately. */
  async findIdleLanesOfAllTenants(): Promise<UserId[]> {
    const rows = await sql<{ userId: string }>`
      SELECT campaign."userId" FROM campaigns campaign
      WHERE campaign."status" = 'processing' AND campaign."frozenAt" IS NOT NULL
      GROUP BY campaign."userId"
      HAVING bool_or(EXISTS (
        SELECT FROM messages WHERE messages."campaignId" = campaign."id" AND messages."status" = 'queued'
          AND messages."notBefore" <= now()))
      AND NOT bool_or(EXISTS (
        SELECT FROM messages WHERE messages."campaignId" = campaign."id" AND messages."status" = 'sending'
          AND messages."claimedAt" > now() - interval '20 seconds'))`;
    return rows.map(({ userId }) => userIdSchema.parse(userId));
  },

  /** Failed messages that have not used up their tries. */
  findNeedingRetryOfAllTenants(limit = 1000) {
    return sql<{
      id: string;
      userId: string;
      campaignId: string | null;
      errorCode: string | null;
      retryCount: number;
    }>`
      SELECT "id", "userId", "campaignId", "errorCode", "retryCount" FROM messages
      WHERE "status" = 'failed' AND "retryCount" < 3 LIMIT ${limit}`;
  },
};

async function applyReceipts(receipts: Receipt[], userId: UserId | null): Promise<Set<number>> {
  if (receipts.length === 0) return new Set();
  const rows = await sql<{ position: number }>`
    WITH receipt AS (
      SELECT * FROM unnest(
        ${receipts.map(({ messageId }) => messageId)}::uuid[],
        ${receipts.map(({ whatsappMessageId }) => whatsappMessageId)}::text[],
        ${receipts.map(({ state }) => state)}::text[],
        ${receipts.map(({ at }) => at)}::timestamptz[],
        ${receipts.map(({ errorCode }) => errorCode)}::text[],
        ${receipts.map(({ errorMessage }) => errorMessage)}::text[]
      ) WITH ORDINALITY AS receipt ("messageId", "wamid", "state", "instant", "code", "error", "position")
    ), target AS (
      SELECT message."id", receipt.* FROM receipt JOIN messages message ON message."id" = receipt."messageId"
      WHERE message."direction" = 'outbound' AND ${ownedBy(userId)}
      UNION ALL
      SELECT message."id", receipt.* FROM receipt JOIN messages message ON message."whatsappMessageId" = receipt."wamid"
      WHERE message."direction" = 'outbound' AND ${ownedBy(userId)}
        AND NOT EXISTS (SELECT FROM messages own WHERE own."id" = receipt."messageId")
    ), merged AS (
      SELECT "id", min("wamid") AS "wamid",
        min(coalesce("instant", now())) FILTER (WHERE "state" IN ('sent', 'delivered', 'read')) AS "sent",
        min(coalesce("instant", now())) FILTER (WHERE "state" IN ('delivered', 'read')) AS "delivered",
        min(coalesce("instant", now())) FILTER (WHERE "state" = 'read') AS "read",
        min(coalesce("instant", now())) FILTER (WHERE "state" = 'failed') AS "failed",
        min("code") FILTER (WHERE "state" = 'failed') AS "code",
        min("error") FILTER (WHERE "state" = 'failed') AS "error"
      FROM target GROUP BY "id"
    ), before AS (
      SELECT message."id", message."sentAt", message."deliveredAt", message."readAt", message."failedAt"
      FROM messages message JOIN merged USING ("id") ORDER BY message."id" FOR UPDATE OF message
    ), moved AS (
      UPDATE messages SET "updatedAt" = now(),
        "sentAt" = least(before."sentAt", merged."sent"),
        "deliveredAt" = least(before."deliveredAt", merged."delivered"),
        "readAt" = least(before."readAt", merged."read"),
        "failedAt" = least(before."failedAt", merged."failed"),
        "whatsappMessageId" = coalesce(messages."whatsappMessageId", merged."wamid"),
        "errorCode" = coalesce(messages."errorCode", merged."code"),
        "errorMessage" = CASE WHEN merged."failed" IS NOT NULL THEN coalesce(merged."error", messages."errorMessage")
          WHEN before."failedAt" IS NULL THEN NULL ELSE messages."errorMessage" END,
        "claimedAt" = NULL,
        "status" = CASE
          WHEN least(before."readAt", merged."read") IS NOT NULL THEN 'read'
          WHEN least(before."deliveredAt", merged."delivered") IS NOT NULL THEN 'delivered'
          WHEN least(before."failedAt", merged."failed") IS NOT NULL THEN 'failed'
          ELSE 'sent' END::"MessageStatus"
      FROM before JOIN merged USING ("id")
      WHERE messages."id" = before."id"
      RETURNING messages."campaignId",
        (before."sentAt" IS NULL AND messages."sentAt" IS NOT NULL)::int AS "sent",
        (before."deliveredAt" IS NULL AND messages."deliveredAt" IS NOT NULL)::int AS "delivered",
        (before."readAt" IS NULL AND messages."readAt" IS NOT NULL)::int AS "read",
        (before."failedAt" IS NULL AND messages."failedAt" IS NOT NULL)::int AS "failed"
    ), grown AS (
      SELECT "campaignId", sum("sent") AS "sent", sum("delivered") AS "delivered", sum("read") AS "read",
        sum("failed") AS "failed"
      FROM moved WHERE "campaignId" IS NOT NULL GROUP BY "campaignId" ORDER BY "campaignId"
    ), counted AS (
      UPDATE campaigns SET "sentCount" = "sentCount" + grown."sent", "deliveredCount" = "deliveredCount" + grown."delivered",
        "readCount" = "readCount" + grown."read", "failedCount" = "failedCount" + grown."failed"
      FROM grown WHERE campaigns."id" = grown."campaignId"
    )
    SELECT "position"::int - 1 AS "position" FROM target`;
  return new Set(rows.map(({ position }) => position));
}

const ownedBy = (userId: UserId | null) =>
  userId === null ? part`true` : part`message."userId" = ${userId}`;
