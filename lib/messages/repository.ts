import type { RecipientListQuery } from "@/lib/campaigns/schema";
import { db, type Part, part, type Sql, sql } from "@/lib/db";
import { arrayOf } from "@/lib/db/array";
import type { Prisma } from "@/lib/db/generated/client";
import type { MessageStatus } from "@/lib/db/generated/enums";
import type { Claimed, Settlement } from "@/lib/messages/settlement";
import { OUTCOME_UNKNOWN, type OwnedReceipt, type Receipt, type ReceiptState } from "@/lib/messages/status";
import { type UserId, userIdSchema } from "@/lib/tenant";

const PAGE_SIZE = 50;

/** Where a claim ended in the order of a campaign's queue, so that the next one need not begin at its front again. */
export type QueuePosition = { notBefore: Date; id: string };

export type ClaimOptions = {
  /** Who holds the account's lane. */
  owner: string;
  size: number;
  after: QueuePosition | null;
  /** Whether to note who counts against the messaging limit. */
  isLimited: boolean;
};

/**
 * Whether a person may be messaged now, and if not, why never (`reason`) or not before when (`until`). This is the one
 * place for such rules; it is asked in the statement that claims the message.
 */
const ruling: Part = part`
  SELECT contact."phone",
    CASE WHEN contact."deletedAt" IS NOT NULL THEN 'Deleted before the message was sent'
      WHEN contact."isBlocked" THEN 'Blocked before the message was sent'
      WHEN NOT contact."optedIn" THEN 'Opted out before the message was sent'
      WHEN contact."phone" IS NULL THEN 'Has no phone number'
      WHEN due."messageType" = 'text' AND outside THEN 'Had not written within 24 hours, so only a template may be sent'
    END AS "reason",
    (SELECT max(greatest(other."claimedAt", other."sentAt")) + interval '6 seconds' FROM messages other
      WHERE other."contactId" = due."contactId" AND other."id" <> due."id" AND other."direction" = 'outbound'
        AND greatest(other."claimedAt", other."sentAt") > now() - interval '6 seconds') AS "until",
    outside
  FROM contacts contact, LATERAL (
    SELECT contact."lastInboundAt" IS NULL OR contact."lastInboundAt" <= now() - interval '24 hours'
  ) AS service_window (outside)
  WHERE contact."userId" = due."userId" AND contact."id" = due."contactId"`;

const emptyCounts: Record<MessageStatus, number> = {
  queued: 0,
  sending: 0,
  held: 0,
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

/** A campaign of which something may be sent now; its first part alone, once that is sent, waits to be judged. */
const mayClaim: Part = part`
  campaign."status" = 'processing' AND campaign."frozenAt" IS NOT NULL
  AND (campaign."canaryUntil" IS NULL OR campaign."canarySentAt" IS NULL)`;

const isLater = (one: QueuePosition, other: QueuePosition) =>
  one.notBefore.getTime() - other.notBefore.getTime() || (one.id > other.id ? 1 : -1);

const lastOf = (positions: QueuePosition[]): QueuePosition | null =>
  positions.reduce<QueuePosition | null>(
    (last, position) => (last && isLater(last, position) > 0 ? last : position),
    null,
  );

export const messageRepository = {
  /**
   * Takes the next messages of a campaign's queue and commits before anything is posted: each goes to exactly one caller
   * in the state `sending`, is skipped with its reason, or is put off. A campaign that is paused, and a lane that has
   * gone to somebody else, gives nothing. `position` is null when nothing was due any more.
   */
  async claim(
    userId: UserId,
    campaignId: string,
    { owner, size, after, isLimited }: ClaimOptions,
  ): Promise<{ claimed: Claimed[]; position: QueuePosition | null }> {
    const rows = await sql<Claimed & QueuePosition & { isClaimed: boolean }>`
      WITH due AS (
        SELECT message."id", message."userId", message."contactId", message."notBefore", campaign."messageType"
        FROM messages message
        JOIN campaigns campaign ON campaign."userId" = message."userId" AND campaign."id" = message."campaignId"
        JOIN lanes lane ON lane."userId" = message."userId"
        WHERE message."userId" = ${userId} AND message."campaignId" = ${campaignId} AND message."status" = 'queued'
          AND message."notBefore" <= now()
          AND (message."notBefore", message."id") > (${after?.notBefore ?? "-infinity"}::timestamptz, ${after?.id ?? "00000000-0000-0000-0000-000000000000"}::uuid)
          AND ${mayClaim} AND (campaign."canaryUntil" IS NULL OR message."id" <= campaign."canaryUntil")
          AND lane."leaseOwner" = ${owner}::uuid AND lane."leaseUntil" > now()
        ORDER BY message."notBefore", message."id"
        LIMIT ${size}
        FOR UPDATE OF message SKIP LOCKED
      ), ruled AS MATERIALIZED (
        SELECT due."id", due."notBefore", ruling."phone", ruling."reason", ruling."until",
          ruling."reason" IS NULL AND ruling."until" IS NULL AS "isClaimed",
          ruling.outside AND due."messageType" = 'template' AS "isInitiated"
        FROM due, LATERAL (${ruling}) AS ruling
      )
      UPDATE messages SET "updatedAt" = now(), "errorMessage" = ruled."reason",
        "status" = CASE WHEN ruled."isClaimed" THEN 'sending' WHEN ruled."reason" IS NULL THEN 'queued'
          ELSE 'skipped' END::"MessageStatus",
        "claimedAt" = CASE WHEN ruled."isClaimed" THEN now() END,
        "notBefore" = CASE WHEN ruled."reason" IS NULL THEN ruled."until" END,
        "initiatedAt" = CASE WHEN ${isLimited} AND ruled."isClaimed" AND ruled."isInitiated" THEN now()
          ELSE messages."initiatedAt" END
      FROM ruled
      WHERE messages."userId" = ${userId} AND messages."id" = ruled."id"
      RETURNING messages."id", ruled."phone", messages."content" -> 'parameters' AS parameters, messages."retryCount",
        messages."claimedAt"::text, ruled."isClaimed", ruled."isInitiated", ruled."notBefore"`;
    return { claimed: rows.filter(({ isClaimed }) => isClaimed), position: lastOf(rows) };
  },

  /**
   * Writes down what became of claimed messages, with the differences to their campaigns' counters. Returns the ids for
   * which that was still to say: a webhook may have been faster, or the same was written before and the message has been
   * claimed again since. Locks messages before their campaign, as whatever applies reports does.
   */
  async settle(userId: UserId, settlements: Settlement[]): Promise<Set<string>> {
    const rows = await sql.prepared<{ id: string }>`
      WITH settled AS (
        SELECT outcome.* FROM unnest(
          ${arrayOf(settlements.map(({ id }) => id))}::uuid[],
          ${arrayOf(settlements.map(({ claimedAt }) => claimedAt))}::timestamptz[],
          ${arrayOf(settlements.map(({ status }) => status))}::text[],
          ${arrayOf(settlements.map(({ whatsappMessageId }) => whatsappMessageId))}::text[],
          ${arrayOf(settlements.map(({ errorCode }) => errorCode))}::text[],
          ${arrayOf(settlements.map(({ errorMessage }) => errorMessage))}::text[],
          ${arrayOf(settlements.map(({ delayMs }) => delayMs))}::float[],
          ${arrayOf(settlements.map(({ isTry }) => (isTry ? 1 : 0)))}::int[]
        ) AS outcome ("id", "claimedAt", "status", "wamid", "code", "error", "delay", "try")
        JOIN messages message ON message."id" = outcome."id"
        WHERE message."userId" = ${userId} AND message."status" = 'sending' AND message."claimedAt" = outcome."claimedAt"
        ORDER BY outcome."id" FOR UPDATE OF message
      ), moved AS (
        UPDATE messages SET "status" = settled."status"::"MessageStatus", "updatedAt" = now(),
          "sentAt" = CASE WHEN settled."status" = 'sent' THEN now() END,
          "heldAt" = CASE WHEN settled."status" = 'held' THEN now() END,
          "failedAt" = CASE WHEN settled."status" = 'failed' THEN now() END,
          "whatsappMessageId" = settled."wamid", "errorCode" = settled."code", "errorMessage" = settled."error",
          "retryCount" = "retryCount" + settled."try", "claimedAt" = NULL,
          "notBefore" = CASE WHEN settled."status" = 'queued' THEN now() + settled."delay" * interval '1 millisecond' END
        FROM settled WHERE messages."userId" = ${userId} AND messages."id" = settled."id"
        RETURNING messages."id", messages."campaignId", messages."sentAt", messages."failedAt"
      ), grown AS (
        SELECT "campaignId", count("sentAt") AS "sent", count("failedAt") AS "failed" FROM moved
        GROUP BY "campaignId" ORDER BY "campaignId"
      ), counted AS (
        UPDATE campaigns SET "sentCount" = "sentCount" + grown."sent", "failedCount" = "failedCount" + grown."failed"
        FROM grown WHERE campaigns."id" = grown."campaignId" AND grown."sent" + grown."failed" > 0
      )
      SELECT "id" FROM moved`;
    return new Set(rows.map(({ id }) => id));
  },

  /**
   * Applies receipts to the messages of one account and the differences to their campaigns' counters, in one
   * statement. Returns the ids of the messages that were found, by the positions of their receipts.
   */
  async record(userId: UserId, receipts: Receipt[]): Promise<Map<number, string>> {
    return applyReceipts(
      receipts.map((receipt) => ({ ...receipt, userId })),
      sql,
    );
  },

  /**
   * The same in a transaction, for receipts of many accounts, each of which touches messages of its own account only.
   * The plan is kept from a time when there may have been few messages: it must not be one that reads all of them.
   */
  async recordOfAllTenants(receipts: OwnedReceipt[], run: Sql): Promise<Map<number, string>> {
    if (receipts.length === 0) return new Map();
    await run.prepared`
      SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
        set_config('enable_mergejoin', 'off', true)`;
    return applyReceipts(receipts, run.prepared);
  },

  /** Meta identifies a message only by its own id, so this is the one write without a tenant. */
  async updateStatusByWhatsAppMessageId(whatsappMessageId: string, status: ReceiptState): Promise<boolean> {
    const [message] = await findByWhatsAppIds([whatsappMessageId], sql);
    if (!message) return false;
    const { id: messageId, userId } = message;
    const said = {
      at: null,
      attempt: null,
      errorCode: null,
      errorMessage: null,
      category: null,
      pricingType: null,
    };
    const found = await applyReceipts(
      [{ ...said, state: status, userId, messageId, whatsappMessageId }],
      sql,
    );
    return found.size === 1;
  },

  /**
   * Meta's own number of a person may differ from the one it was given (Mexico, Brazil, Argentina); replies carry it. Says
   * nothing about somebody who has got another number since the message was posted.
   */
  async rememberWaIds(
    userId: UserId,
    accepted: { id: string; phone: string; waId: string }[],
  ): Promise<void> {
    if (accepted.length === 0) return;
    await sql`
      UPDATE contacts SET "waId" = accepted."waId", "updatedAt" = now()
      FROM unnest(${accepted.map(({ id }) => id)}::uuid[], ${accepted.map(({ phone }) => phone)}::text[],
        ${accepted.map(({ waId }) => waId)}::text[]) AS accepted ("id", "phone", "waId")
      JOIN messages ON messages."userId" = ${userId} AND messages."id" = accepted."id"
      WHERE contacts."userId" = ${userId} AND contacts."id" = messages."contactId" AND contacts."deletedAt" IS NULL
        AND coalesce(contacts."phone", '') = accepted."phone"
        AND contacts."waId" IS DISTINCT FROM accepted."waId"`;
  },

  /**
   * Milliseconds until the next queued message of a sending campaign is due; null when none is queued. While a first part
   * is out, the next of that: what was not claimed yet has the instant of the freezing, what was given back a later one.
   */
  async findNextDueMs(userId: UserId): Promise<number | null> {
    const queued = part`
      FROM messages message
      WHERE message."userId" = campaign."userId" AND message."campaignId" = campaign."id"
        AND message."status" = 'queued' AND message."notBefore" IS NOT NULL`;
    const [row] = await sql<{ ms: number | null }>`
      SELECT min(extract(epoch FROM greatest(next."notBefore", now()) - now()) * 1000)::float AS ms
      FROM campaigns campaign, LATERAL (
        SELECT first."notBefore" FROM (
          SELECT message."notBefore", message."id" ${queued} ORDER BY message."notBefore", message."id" LIMIT 1
        ) AS first WHERE campaign."canaryUntil" IS NULL OR first."id" <= campaign."canaryUntil"
        UNION ALL
        SELECT message."notBefore" ${queued}
          AND message."notBefore" > campaign."frozenAt" AND message."id" <= campaign."canaryUntil"
      ) AS next
      WHERE campaign."userId" = ${userId} AND ${mayClaim}`;
    return row?.ms ?? null;
  },

  /**
   * How many people the messaging limit counts: messaged in the last 24 hours without having written in the 24 before.
   * `nextMs`: in how many milliseconds the first of them counts no more.
   */
  async countInitiated(userId: UserId): Promise<{ people: number; nextMs: number }> {
    const [row] = await sql<{ people: number; nextMs: number | null }>`
      SELECT count(DISTINCT "contactId")::int AS people,
        (extract(epoch FROM min("initiatedAt") + interval '24 hours' - now()) * 1000)::float AS "nextMs"
      FROM messages WHERE "userId" = ${userId} AND "initiatedAt" > now() - interval '24 hours'`;
    return { people: row?.people ?? 0, nextMs: row?.nextMs ?? 0 };
  },

  /** How many messages of a campaign are in each state. */
  async countByStatus(userId: UserId, campaignId: string): Promise<Record<MessageStatus, number>> {
    const rows = await sql<{ status: MessageStatus; count: number }>`
      SELECT "status", count(*)::int AS count FROM messages
      WHERE "userId" = ${userId} AND "campaignId" = ${campaignId} GROUP BY "status"`;
    return { ...emptyCounts, ...Object.fromEntries(rows.map(({ status, count }) => [status, count])) };
  },

  /** How many messages WhatsApp took and held back more than 24 hours ago, without a word since. */
  async countHeldLong(userId: UserId, campaignId: string): Promise<number> {
    const [row] = await sql<{ count: number }>`
      SELECT count(*)::int AS count FROM messages
      WHERE "userId" = ${userId} AND "campaignId" = ${campaignId} AND "status" = 'held'
        AND "heldAt" < now() - interval '24 hours'`;
    return row?.count ?? 0;
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
    const stored = await sql`
      SELECT "id" FROM messages WHERE "userId" = ${userId} AND "whatsappMessageId" = ${whatsappMessageId}`;
    return stored.length > 0;
  },

  /** Keeps what a person wrote. False when it was stored before, or the person is not there any more. */
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
      SELECT ${userId}, person."id", ${message.whatsappMessageId}, 'inbound', ${message.type}::"MessageContentType",
        ${JSON.stringify(message.content)}::jsonb, 'delivered', ${message.at}::timestamptz
      FROM (
        -- Whoever is just being merged or deleted is waited for.
        SELECT "id" FROM contacts
        WHERE "userId" = ${userId} AND "id" = ${message.contactId} AND "deletedAt" IS NULL FOR KEY SHARE
      ) AS person
      ON CONFLICT ("whatsappMessageId") DO NOTHING
      RETURNING "id"`;
    return created.length === 1;
  },

  /** To whom the messages that these receipts are about were sent, and in which campaign. */
  async findTargets(userId: UserId, receipts: Receipt[]) {
    return sql<{ contactId: string; campaignId: string | null }>`
      SELECT "contactId", "campaignId" FROM messages WHERE "userId" = ${userId}
        AND ("id" = ANY(${receipts.map(({ messageId }) => messageId)}::uuid[])
          OR "whatsappMessageId" = ANY(${receipts.map(({ whatsappMessageId }) => whatsappMessageId)}::text[]))`;
  },

  /** For the sweep: whoever claimed these died or lost the answer; Meta may have them. */
  async abandonStaleOfAllTenants(): Promise<number> {
    const stale = await sql`
      WITH stale AS (
        SELECT "id" FROM messages WHERE "status" = 'sending' AND "claimedAt" < now() - interval '2 minutes'
        FOR UPDATE SKIP LOCKED
      )
      UPDATE messages SET "status" = 'unknown', "claimedAt" = NULL, "updatedAt" = now(),
        "errorMessage" = ${OUTCOME_UNKNOWN}
      FROM stale WHERE messages."id" = stale."id"
      RETURNING messages."id"`;
    return stale.length;
  },

  /** For the sweep: accounts with messages that are due while nobody holds their lane. */
  async findIdleLanesOfAllTenants(): Promise<UserId[]> {
    const rows = await sql<{ userId: string }>`
      SELECT DISTINCT campaign."userId" FROM campaigns campaign
      LEFT JOIN lanes lane ON lane."userId" = campaign."userId"
      WHERE ${mayClaim} AND (lane."leaseUntil" IS NULL OR lane."leaseUntil" <= now())
        AND EXISTS (
          SELECT FROM messages WHERE messages."campaignId" = campaign."id" AND messages."status" = 'queued'
            AND messages."notBefore" <= now())`;
    return rows.map(({ userId }) => userIdSchema.parse(userId));
  },

  /** For the sweep: takes up to `limit` messages of canceled campaigns out of the queue. Returns how many. */
  async skipCanceledOfAllTenants(limit: number): Promise<number> {
    const skipped = await sql`
      WITH waiting AS (
        SELECT message."id" FROM campaigns campaign
        JOIN messages message ON message."campaignId" = campaign."id" AND message."status" = 'queued'
          AND message."notBefore" IS NOT NULL
        WHERE campaign."status" = 'canceled' AND campaign."completedAt" > now() - interval '1 day'
        LIMIT ${limit} FOR UPDATE OF message SKIP LOCKED
      )
      UPDATE messages SET "status" = 'skipped', "notBefore" = NULL, "errorMessage" = 'The campaign was canceled',
        "updatedAt" = now()
      FROM waiting WHERE messages."id" = waiting."id"
      RETURNING messages."id"`;
    return skipped.length;
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
      WHERE "status" = 'failed' AND "failedAt" IS NOT NULL AND "retryCount" < 3 LIMIT ${limit}`;
  },
};

type Run = Sql["prepared"];

/** A receipt, its place in the list it came in, and the message it is about as far as that is known. */
type Placed = { receipt: OwnedReceipt; position: number; id: string | null };

/**
 * Messages are found by our own id, which Meta echoes, and by Meta's id only where that leads nowhere. Receipts that say
 * nothing new have their message found as well.
 */
async function applyReceipts(receipts: OwnedReceipt[], run: Run): Promise<Map<number, string>> {
  const placed = receipts.map((receipt, position) => ({ receipt, position, id: receipt.messageId }));
  const named = placed.filter(({ id }) => id !== null);
  const nameless = await nameByWhatsAppId(
    placed.filter(({ id }) => id === null),
    run,
  );
  const found = await applyNamed([...named, ...nameless], run);
  const missing = named.filter(({ position }) => !found.has(position));
  const late = await applyNamed(await nameByWhatsAppId(missing, run), run);
  return new Map([...found, ...late]);
}

async function nameByWhatsAppId(placed: Placed[], run: Run): Promise<Placed[]> {
  const asked = placed.flatMap(({ receipt }) => receipt.whatsappMessageId ?? []);
  if (asked.length === 0) return [];
  const ids = new Map((await findByWhatsAppIds(asked, run)).map((row) => [row.whatsappMessageId, row.id]));
  return placed.flatMap(({ receipt, position }) => {
    const id = ids.get(receipt.whatsappMessageId ?? "");
    return id ? { receipt, position, id } : [];
  });
}

/** Whoever writes to a message found like this names its account as well. */
async function findByWhatsAppIds(whatsappMessageIds: string[], run: Run) {
  const rows = await run<{ id: string; userId: string; whatsappMessageId: string }>`
    SELECT "id", "userId", "whatsappMessageId" FROM messages
    WHERE "whatsappMessageId" = ANY(${arrayOf(whatsappMessageIds)}::text[]) AND "direction" = 'outbound'`;
  return rows.map((row) => ({ ...row, userId: userIdSchema.parse(row.userId) }));
}

/**
 * Rows are locked in the order of their ids, messages before campaigns, so that writers never wait for each other in a
 * circle. What an earlier attempt reports as failed, or as sent after it failed for good, is found and counts nothing.
 * Where reports contradict each other, on the price for one, the choice is the same in every order.
 */
async function applyNamed(placed: Placed[], run: Run): Promise<Map<number, string>> {
  if (placed.length === 0) return new Map();
  const rows = await run<{ position: number; id: string }>`
    WITH target AS (
      SELECT message."id", message."campaignId", message."sentAt", message."deliveredAt", message."readAt", message."failedAt",
        receipt."position", receipt."wamid", receipt."state", receipt."error", receipt."code",
        receipt."category", receipt."pricing",
        coalesce(to_timestamp(receipt."instant" / 1000), now())::timestamptz(3) AS "instant",
        coalesce(receipt."attempt" >= CASE receipt."state"
          WHEN 'failed' THEN message."retryCount" WHEN 'sent' THEN message."firstAttempt" ELSE 0 END, true) AS "counts"
      FROM unnest(
        ${arrayOf(placed.map(({ id }) => id))}::uuid[],
        ${arrayOf(placed.map(({ receipt }) => receipt.userId))}::uuid[],
        ${arrayOf(placed.map(({ position }) => position))}::int[],
        ${arrayOf(placed.map(({ receipt }) => receipt.attempt))}::int[],
        ${arrayOf(placed.map(({ receipt }) => receipt.whatsappMessageId))}::text[],
        ${arrayOf(placed.map(({ receipt }) => receipt.state))}::text[],
        ${arrayOf(placed.map(({ receipt }) => receipt.at?.getTime() ?? null))}::float8[],
        ${arrayOf(placed.map(({ receipt }) => receipt.errorCode))}::text[],
        ${arrayOf(placed.map(({ receipt }) => receipt.errorMessage))}::text[],
        ${arrayOf(placed.map(({ receipt }) => receipt.category))}::text[],
        ${arrayOf(placed.map(({ receipt }) => receipt.pricingType))}::text[]
      ) AS receipt ("id", "userId", "position", "attempt", "wamid", "state", "instant", "code", "error", "category", "pricing")
      JOIN messages message ON message."id" = receipt."id" AND message."userId" = receipt."userId"
      WHERE message."direction" = 'outbound'
      ORDER BY message."id" FOR NO KEY UPDATE OF message
    ), merged AS (
      SELECT "id", min("wamid") AS "wamid",
        min("instant") FILTER (WHERE "state" <> 'failed') AS "sent",
        min("instant") FILTER (WHERE "state" IN ('delivered', 'read')) AS "delivered",
        min("instant") FILTER (WHERE "state" = 'read') AS "read",
        min("instant") FILTER (WHERE "state" = 'failed') AS "failed",
        min("code") FILTER (WHERE "state" = 'failed') AS "code",
        min("error") FILTER (WHERE "state" = 'failed') AS "error",
        min("category") AS "category", max("pricing") AS "pricing",
        min("sentAt") AS "sentAt", min("deliveredAt") AS "deliveredAt", min("readAt") AS "readAt",
        min("failedAt") AS "failedAt"
      FROM target WHERE "counts" GROUP BY "id"
    ), moved AS (
      UPDATE messages SET "updatedAt" = now(), "claimedAt" = NULL, "notBefore" = NULL,
        "sentAt" = least(merged."sentAt", merged."sent"),
        "deliveredAt" = least(merged."deliveredAt", merged."delivered"),
        "readAt" = least(merged."readAt", merged."read"),
        "failedAt" = least(merged."failedAt", merged."failed"),
        "whatsappMessageId" = coalesce(messages."whatsappMessageId", merged."wamid"),
        "category" = least(messages."category", merged."category"),
        "pricingType" = greatest(messages."pricingType", merged."pricing"),
        "errorCode" = least(messages."errorCode", merged."code"),
        "errorMessage" = CASE WHEN merged."failedAt" IS NULL THEN merged."error"
          ELSE least(messages."errorMessage", merged."error") END,
        "status" = CASE
          WHEN merged."readAt" IS NOT NULL OR merged."read" IS NOT NULL THEN 'read'
          WHEN merged."deliveredAt" IS NOT NULL OR merged."delivered" IS NOT NULL THEN 'delivered'
          WHEN merged."failedAt" IS NOT NULL OR merged."failed" IS NOT NULL THEN 'failed'
          ELSE 'sent' END::"MessageStatus"
      FROM merged WHERE messages."id" = merged."id"
      RETURNING messages."campaignId",
        (merged."sentAt" IS NULL AND merged."sent" IS NOT NULL)::int AS "sent",
        (merged."deliveredAt" IS NULL AND merged."delivered" IS NOT NULL)::int AS "delivered",
        (merged."readAt" IS NULL AND merged."read" IS NOT NULL)::int AS "read",
        (merged."failedAt" IS NULL AND merged."failed" IS NOT NULL)::int AS "failed"
    ), grown AS (
      SELECT "campaignId", sum("sent") AS "sent", sum("delivered") AS "delivered", sum("read") AS "read",
        sum("failed") AS "failed"
      FROM moved WHERE "campaignId" IS NOT NULL GROUP BY "campaignId"
      HAVING sum("sent" + "delivered" + "read" + "failed") > 0
    ), counted AS (
      UPDATE campaigns SET "sentCount" = campaigns."sentCount" + grown."sent",
        "deliveredCount" = campaigns."deliveredCount" + grown."delivered",
        "readCount" = campaigns."readCount" + grown."read", "failedCount" = campaigns."failedCount" + grown."failed"
      FROM (
        SELECT campaign."id", grown.* FROM grown JOIN campaigns campaign ON campaign."id" = grown."campaignId"
        ORDER BY campaign."id" FOR NO KEY UPDATE OF campaign
      ) AS grown
      WHERE campaigns."id" = grown."id"
    )
    SELECT "position", "id" FROM target`;
  return new Map(rows.map(({ position, id }) => [position, id]));
}
