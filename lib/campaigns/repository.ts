import { deletable, predecessorsOf, reopenable } from "@/lib/campaigns/lifecycle";
import type { Audience, CampaignListQuery, MessageContent } from "@/lib/campaigns/schema";
import { db, type Part, part, sql, transaction } from "@/lib/db";
import type { CampaignStatus, MessageType, MissedSchedule } from "@/lib/db/generated/enums";
import { notFound } from "@/lib/errors";
import { type UserId, userIdSchema } from "@/lib/tenant";
import { finalCodes } from "@/lib/whatsapp/errors";

const PAGE_SIZE = 50;

/** Whoever cancels waits for so many people of a campaign to be taken out of the queue. */
const SKIPPED_AT_ONCE = 5000;

/** For a campaign that nothing started at its hour. */
export type MissedRule = { missedSchedule: MissedSchedule; missedHours: number | null };

const summary = {
  id: true,
  name: true,
  messageType: true,
  status: true,
  pauseReason: true,
  errorMessage: true,
  scheduledAt: true,
  startedAt: true,
  completedAt: true,
  totalRecipients: true,
  sentCount: true,
  deliveredCount: true,
  readCount: true,
  failedCount: true,
  createdAt: true,
  template: { select: { id: true, name: true, status: true } },
} as const;

const detail = {
  ...summary,
  messageContent: true,
  audience: true,
  templateSnapshot: true,
  frozenAt: true,
  missedSchedule: true,
  missedHours: true,
  canaryPercent: true,
  canaryMinutes: true,
  canaryUntil: true,
  canarySentAt: true,
  retriesHeldBack: true,
} as const;

export type NewCampaign = {
  userId: UserId;
  name: string;
  templateId?: string | null;
  messageType: MessageType;
  messageContent: MessageContent | { text: string };
  audience?: Audience;
  canaryPercent?: number | null;
  canaryMinutes?: number;
  retriesHeldBack?: boolean;
  status?: CampaignStatus;
  totalRecipients?: number;
};

/** A campaign that had to stop, and why. */
type Stopped = { id: string; isStarted: boolean; pauseReason: string };

/** What a campaign would send now; null while its template is not approved. A text is a template's body without the rest. */
const contentNow: Part = part`(
  CASE campaigns."messageType" WHEN 'text' THEN
    jsonb_build_object('components', jsonb_build_array(
      jsonb_build_object('type', 'BODY', 'text', coalesce(campaigns."messageContent" ->> 'text', ''))))
  ELSE (
    SELECT jsonb_build_object('name', template."name", 'language', template."language",
      'category', template."category", 'components', template."components")
    FROM templates template
    WHERE template."userId" = campaigns."userId" AND template."id" = campaigns."templateId"
      AND template."status" = 'approved'
  ) END || jsonb_strip_nulls(jsonb_build_object('media', campaigns."messageContent" -> 'media')))`;

/** The audience with its segment as it is now, or as it was noted down before; null when the segment was deleted. */
const audienceNow: Part = part`(
  campaigns."audience" || CASE WHEN campaigns."audience" ->> 'segmentId' IS NULL OR campaigns."audience" ? 'segment'
    THEN '{}' ELSE (
      SELECT jsonb_build_object('segment', jsonb_build_object('name', segment."name", 'filter', segment."filter"))
      FROM segments segment
      WHERE segment."userId" = campaigns."userId" AND segment."id" = (campaigns."audience" ->> 'segmentId')::uuid
    ) END)`;

/** What its messages cost from now on, where they are a template's. */
const categoryNow: Part = part`coalesce((
  SELECT jsonb_build_object('category', template."category") FROM templates template
  WHERE template."userId" = campaigns."userId" AND template."id" = campaigns."templateId"), '{}')`;

/** Whether its messages cost what they cost when it was scheduled. */
const isAsChecked: Part = part`
  coalesce(campaigns."templateSnapshot" ->> 'category' = ${contentNow} ->> 'category', true)`;

/** How late a campaign may start and still be on time. */
const ON_TIME = part`interval '5 minutes'`;

/** Whether a scheduled campaign may still start, by its own rule. */
const maySendLate: Part = part`(
  now() <= campaigns."scheduledAt" + ${ON_TIME} OR campaigns."missedSchedule" = 'send'
  OR (campaigns."missedSchedule" = 'send_within'
    AND now() <= campaigns."scheduledAt" + campaigns."missedHours" * interval '1 hour'))`;

/** Failed for a cause that may be gone; for what WhatsApp held back (131049) not before a day has passed. */
const retryable: Part = part`
  "status" = 'failed' AND "failedAt" IS NOT NULL AND NOT coalesce("errorCode" = ANY(${finalCodes}), false)
  AND ("errorCode" IS DISTINCT FROM '131049' OR "failedAt" <= now() - interval '24 hours')`;

const timesHeldBack: Part = part`coalesce((messages."metadata" ->> 'heldBack')::int, 0)`;

/** Held back by WhatsApp one, two and then four days ago. */
const heldBackAndDue: Part = part`
  "status" = 'failed' AND "errorCode" = '131049' AND ${timesHeldBack} < 3
  AND "failedAt" <= now() - interval '24 hours' * power(2, ${timesHeldBack})`;

/**
 * Queues messages of a campaign again as a new attempt on the same row; a completed campaign goes on. Of several callers
 * at once only one gets them. What an earlier attempt counted counts no more, if it failed. Locks messages before their
 * campaign, as whatever applies reports does.
 */
async function requeue(userId: UserId, id: string, which: Part): Promise<number> {
  const requeued = await sql`
    WITH lost AS (
      SELECT "id", "sentAt", "failedAt" FROM messages
      WHERE "userId" = ${userId} AND "campaignId" = ${id} AND ${which}
      ORDER BY "id" FOR UPDATE
    ), reopened AS (
      UPDATE campaigns SET "completedAt" = NULL, "updatedAt" = now(),
        "runSince" = CASE WHEN "status" = 'completed' THEN now() ELSE "runSince" END,
        "status" = CASE WHEN "status" = 'completed' THEN 'processing' ELSE "status" END,
        "sentCount" = "sentCount" - (SELECT count("sentAt") FROM lost),
        "failedCount" = "failedCount" - (SELECT count("failedAt") FROM lost)
      WHERE "userId" = ${userId} AND "id" = ${id} AND "status"::text = ANY(${[...reopenable]})
        AND (SELECT count(*) FROM lost) > 0
      RETURNING "id"
    )
    UPDATE messages SET "status" = 'queued', "retryCount" = "retryCount" + 1, "notBefore" = now(), "updatedAt" = now(),
      "firstAttempt" = CASE WHEN "status" = 'failed' THEN "retryCount" + 1 ELSE "firstAttempt" END,
      "metadata" = CASE WHEN "errorCode" = '131049'
        THEN messages."metadata" || jsonb_build_object('heldBack', ${timesHeldBack} + 1) ELSE messages."metadata" END,
      "claimedAt" = NULL, "whatsappMessageId" = NULL, "errorCode" = NULL, "errorMessage" = NULL,
      "heldAt" = NULL, "sentAt" = NULL, "failedAt" = NULL
    FROM lost, reopened
    WHERE messages."userId" = ${userId} AND messages."id" = lost."id"
    RETURNING messages."id"`;
  return requeued.length;
}

/** What happened at this instant says nothing about a campaign that was resumed later. */
const runsSince = (at: Date | undefined) =>
  at ? { OR: [{ runSince: null }, { runSince: { lte: at } }] } : {};

export const campaignRepository = {
  create({ messageContent, audience, ...input }: NewCampaign) {
    return db.campaign.create({
      data: { ...input, messageContent, ...(audience && { audience }) },
      select: detail,
    });
  },

  find(userId: UserId, id: string) {
    return db.campaign.findUnique({ where: { id, userId }, select: detail });
  },

  async get(userId: UserId, id: string) {
    const campaign = await campaignRepository.find(userId, id);
    if (!campaign) throw notFound("Campaign");
    return campaign;
  },

  async list(userId: UserId, { status, cursor }: CampaignListQuery = {}) {
    const rows = await db.campaign.findMany({
      where: { userId, ...(status && { status }), ...(cursor && { id: { lt: cursor } }) },
      select: summary,
      orderBy: { id: "desc" },
      take: PAGE_SIZE + 1,
    });
    const items = rows.slice(0, PAGE_SIZE);
    return { items, nextCursor: rows.length > PAGE_SIZE ? (items.at(-1)?.id ?? null) : null };
  },

  /** How many there are of each status. */
  async countByStatus(userId: UserId): Promise<Partial<Record<CampaignStatus, number>>> {
    const rows = await db.campaign.groupBy({ by: ["status"], where: { userId }, _count: true });
    return Object.fromEntries(rows.map(({ status, _count }) => [status, _count]));
  },

  /** The next to start first. */
  listScheduled(userId: UserId, limit: number) {
    return db.campaign.findMany({
      where: { userId, status: "scheduled" },
      select: summary,
      orderBy: [{ scheduledAt: "asc" }, { id: "asc" }],
      take: limit,
    });
  },

  /** Sums over all campaigns, from their counters. */
  async totals(userId: UserId) {
    const { _sum, _count } = await db.campaign.aggregate({
      where: { userId },
      _sum: { sentCount: true, deliveredCount: true, readCount: true, failedCount: true },
      _count: true,
    });
    return {
      campaigns: _count,
      sent: _sum.sentCount ?? 0,
      delivered: _sum.deliveredCount ?? 0,
      read: _sum.readCount ?? 0,
      failed: _sum.failedCount ?? 0,
    };
  },

  /** False when the campaign is no draft any more. */
  async update(
    userId: UserId,
    id: string,
    input: Omit<NewCampaign, "userId" | "status" | "totalRecipients">,
  ) {
    const { count } = await db.campaign.updateMany({ where: { userId, id, status: "draft" }, data: input });
    return count === 1;
  },

  /** False when the campaign is still to send something. */
  async remove(userId: UserId, id: string): Promise<boolean> {
    const { count } = await db.campaign.deleteMany({ where: { userId, id, status: { in: [...deletable] } } });
    return count === 1;
  },

  /**
   * True for exactly one caller: the check and the write are one statement. A paused campaign goes on only if it had
   * started, and is judged anew from then on. A draft's segment is looked up again, and so is the template's category of
   * one that goes on.
   */
  async move(
    userId: UserId,
    id: string,
    to: CampaignStatus,
    { errorMessage = null }: { errorMessage?: string | null } = {},
  ): Promise<boolean> {
    const moved = await sql`
      UPDATE campaigns SET "status" = ${to}::"CampaignStatus", "pauseReason" = NULL, "updatedAt" = now(),
        "errorMessage" = ${errorMessage},
        "runSince" = CASE WHEN ${to} = 'processing' THEN now() ELSE "runSince" END,
        "scheduledAt" = CASE WHEN ${to} = 'draft' THEN NULL ELSE "scheduledAt" END,
        "audience" = CASE WHEN ${to} = 'draft' THEN "audience" - 'segment' ELSE "audience" END,
        "templateSnapshot" = CASE ${to}::text WHEN 'draft' THEN NULL
          WHEN 'processing' THEN "templateSnapshot" || ${categoryNow} ELSE "templateSnapshot" END,
        "completedAt" = CASE WHEN ${to} = 'failed' THEN now() ELSE "completedAt" END
      WHERE "userId" = ${userId} AND "id" = ${id} AND "status"::text = ANY(${predecessorsOf(to)})
        AND (${to} <> 'processing' OR "startedAt" IS NOT NULL)
      RETURNING "id"`;
    return moved.length === 1;
  },

  /**
   * Notes down what its segment means now, which holds from then on. False when the campaign cannot be scheduled any more,
   * its segment was deleted or the instant has passed by the database's clock.
   */
  async schedule(
    userId: UserId,
    id: string,
    scheduledAt: string,
    { missedSchedule, missedHours }: MissedRule = { missedSchedule: "send", missedHours: null },
  ): Promise<boolean> {
    const moved = await sql`
      UPDATE campaigns SET "status" = 'scheduled', "scheduledAt" = ${scheduledAt}, "pauseReason" = NULL,
        "missedSchedule" = ${missedSchedule}::"MissedSchedule", "missedHours" = ${missedHours}, "updatedAt" = now(),
        "audience" = ${audienceNow},
        "templateSnapshot" = jsonb_strip_nulls(jsonb_build_object('category', ${contentNow} -> 'category'))
      WHERE "userId" = ${userId} AND "id" = ${id} AND ${scheduledAt}::timestamptz > now() AND "startedAt" IS NULL
        AND "status"::text = ANY(${predecessorsOf("scheduled")}) AND ${audienceNow} IS NOT NULL
      RETURNING "id"`;
    return moved.length === 1;
  },

  /**
   * Begins a campaign and freezes what it sends, if its template is approved and its segment exists. With `onlyIfDue`
   * only at or after its scheduled instant, and neither when that is too long ago for the campaign's rule nor when the
   * template has got another price since. True for exactly one caller.
   */
  async start(userId: UserId, id: string, { onlyIfDue }: { onlyIfDue: boolean }): Promise<boolean> {
    const started = await sql`
      UPDATE campaigns SET "status" = 'processing', "startedAt" = now(), "runSince" = now(),
        "pauseReason" = NULL, "updatedAt" = now(),
        "templateSnapshot" = ${contentNow}, "audience" = ${audienceNow}
      WHERE campaigns."userId" = ${userId} AND campaigns."id" = ${id} AND ${contentNow} IS NOT NULL
        AND ${audienceNow} IS NOT NULL
        AND campaigns."status"::text = ANY(${predecessorsOf("processing")}) AND campaigns."startedAt" IS NULL
        AND (NOT ${onlyIfDue} OR (campaigns."status" = 'scheduled' AND campaigns."scheduledAt" <= now()
          AND ${maySendLate} AND ${isAsChecked}))
      RETURNING campaigns."id"`;
    return started.length === 1;
  },

  /** Pauses a campaign that its own rule forbids to start so late. Returns why, or null when that is not so. */
  async holdMissed(userId: UserId, id: string): Promise<string | null> {
    const [held] = await sql<{ pauseReason: string }>`
      UPDATE campaigns SET "status" = 'paused', "updatedAt" = now(), "pauseReason" = CASE "missedSchedule"
        WHEN 'hold' THEN 'It could not start at its time, and you wanted to be asked then.'
        ELSE 'It could not start within ' || CASE "missedHours" WHEN 1 THEN 'an hour' ELSE "missedHours" || ' hours' END
          || ' of its time, and you wanted it no later.' END
      WHERE "userId" = ${userId} AND "id" = ${id} AND "status" = 'scheduled' AND "scheduledAt" <= now()
        AND NOT ${maySendLate}
      RETURNING "pauseReason"`;
    return held?.pauseReason ?? null;
  },

  /**
   * Settles a due campaign whose template may not be sent. While WhatsApp may still let it be sent, because it is paused
   * or being checked, the campaign waits for its owner; otherwise it has failed. Returns what it waits for, or null.
   */
  async settleUnapproved(userId: UserId, id: string): Promise<string | null> {
    const [settled] = await sql<{ pauseReason: string | null }>`
      UPDATE campaigns SET "updatedAt" = now(),
        "status" = CASE WHEN unfit."mayReturn" THEN 'paused' ELSE 'failed' END::"CampaignStatus",
        "pauseReason" = CASE WHEN unfit."mayReturn" THEN unfit."reason" END,
        "errorMessage" = CASE WHEN NOT unfit."mayReturn" THEN unfit."reason" END,
        "completedAt" = CASE WHEN NOT unfit."mayReturn" THEN now() END
      FROM (
        SELECT due."id", coalesce(template."status" IN ('paused', 'pending'), false) AS "mayReturn",
          coalesce(rtrim('When the campaign was due, the template ' || template."name" || ' was '
            || CASE template."status" WHEN 'pending' THEN 'still being checked by WhatsApp'
              WHEN 'draft' THEN 'not submitted to WhatsApp' ELSE template."status" || ' by WhatsApp' END
            || '. ' || coalesce(template."rejectionReason", '')),
            'When the campaign was due, its template was deleted.') AS "reason"
        FROM campaigns due
        LEFT JOIN templates template ON template."userId" = due."userId" AND template."id" = due."templateId"
        WHERE due."userId" = ${userId} AND due."id" = ${id}
      ) AS unfit
      WHERE campaigns."userId" = ${userId} AND campaigns."id" = unfit."id" AND campaigns."status" = 'scheduled'
        AND campaigns."scheduledAt" <= now() AND ${contentNow} IS NULL
      RETURNING campaigns."pauseReason"`;
    return settled?.pauseReason ?? null;
  },

  /**
   * Whether WhatsApp, which keeps files for 30 days, may have deleted the campaign's file before it is sent: at the given
   * instant, at its scheduled one unless that has passed, or now.
   */
  async isMediaOutdated(userId: UserId, id: string, at: string | null): Promise<boolean> {
    const outdated = await sql`
      SELECT FROM campaigns WHERE "userId" = ${userId} AND "id" = ${id}
        AND ("messageContent" #>> '{media,uploadedAt}')::timestamptz + interval '29 days'
          < coalesce(${at}::timestamptz, greatest("scheduledAt", now()))`;
    return outdated.length === 1;
  },

  /** Which of these campaigns exist. */
  async listExisting(userId: UserId, ids: string[]): Promise<Set<string>> {
    const found = await db.campaign.findMany({ where: { userId, id: { in: ids } }, select: { id: true } });
    return new Set(found.map(({ id }) => id));
  },

  /** What has not started and is to go to a segment. */
  async listWaitingFor(userId: UserId, segmentId: string) {
    return sql<{ id: string; name: string; status: CampaignStatus }>`
      SELECT "id", "name", "status" FROM campaigns
      WHERE "userId" = ${userId} AND "startedAt" IS NULL AND "status" IN ('draft', 'scheduled', 'paused')
        AND "audience" ->> 'segmentId' = ${segmentId}
      ORDER BY "id"`;
  },

  /** Nothing of this campaign is claimed for sending after this commits. */
  async pause(userId: UserId, id: string, reason: string, at?: Date): Promise<boolean> {
    const { count } = await db.campaign.updateMany({
      where: { userId, id, status: "processing", ...runsSince(at) },
      data: { status: "paused", pauseReason: reason },
    });
    return count === 1;
  },

  /** Pauses what is being sent with a template that may not be sent; not what was resumed after `at`. */
  async pauseUnapproved(userId: UserId, templateId: string | null = null, at: Date | null = null) {
    return sql<Stopped>`
      UPDATE campaigns SET "status" = 'paused', "updatedAt" = now(), "pauseReason" =
        rtrim('WhatsApp does not let the template ' || template."name" || ' be sent for now. '
          || coalesce(template."rejectionReason", ''))
      FROM templates template
      WHERE campaigns."userId" = ${userId} AND campaigns."status" = 'processing'
        AND coalesce(campaigns."runSince" <= ${at}::timestamptz, true)
        AND template."userId" = campaigns."userId" AND template."id" = campaigns."templateId"
        AND template."status" <> 'approved' AND coalesce(template."id" = ${templateId}::uuid, true)
      RETURNING campaigns."id", campaigns."startedAt" IS NOT NULL AS "isStarted", campaigns."pauseReason"`;
  },

  /** Pauses what is sent or scheduled with a template whose category, and so its price, is not the one it was checked with. */
  async pauseRecategorized(userId: UserId, templateId: string | null = null) {
    return sql<Stopped>`
      UPDATE campaigns SET "status" = 'paused', "updatedAt" = now(), "pauseReason" =
        'Meta has made the template ' || template."name" || ' ' || template."category"
          || '. What was estimated no longer holds: check the cost, then '
          || CASE WHEN campaigns."startedAt" IS NULL THEN 'send it or schedule it again.' ELSE 'resume.' END
      FROM templates template
      WHERE campaigns."userId" = ${userId} AND campaigns."status" IN ('processing', 'scheduled')
        AND template."userId" = campaigns."userId" AND template."id" = campaigns."templateId"
        AND campaigns."templateSnapshot" ->> 'category' <> template."category"::text
        AND coalesce(template."id" = ${templateId}::uuid, true)
      RETURNING campaigns."id", campaigns."startedAt" IS NOT NULL AS "isStarted", campaigns."pauseReason"`;
  },

  /** For a cause that concerns the whole account, such as an expired token. Returns how many campaigns it paused. */
  async pauseAll(userId: UserId, reason: string, at?: Date): Promise<number> {
    const { count } = await db.campaign.updateMany({
      where: { userId, status: "processing", ...runsSince(at) },
      data: { status: "paused", pauseReason: reason },
    });
    return count;
  },

  /**
   * Final from the first statement on. The second skips whoever was not sent the message, as many as it takes no time for;
   * the sweep goes on. Neither locks messages and the campaign at once, so no report stands in a circle with it.
   */
  async cancel(userId: UserId, id: string): Promise<boolean> {
    const canceled = await sql`
      UPDATE campaigns SET "status" = 'canceled', "completedAt" = now(), "updatedAt" = now()
      WHERE "userId" = ${userId} AND "id" = ${id} AND "status"::text = ANY(${predecessorsOf("canceled")})
      RETURNING "id"`;
    if (canceled.length === 0) return false;
    await sql`
      WITH waiting AS (
        SELECT "id" FROM messages
        WHERE "userId" = ${userId} AND "campaignId" = ${id} AND "status" = 'queued' AND "notBefore" IS NOT NULL
        ORDER BY "id" LIMIT ${SKIPPED_AT_ONCE} FOR UPDATE
      )
      UPDATE messages SET "status" = 'skipped', "notBefore" = NULL, "errorMessage" = 'The campaign was canceled',
        "updatedAt" = now()
      FROM waiting WHERE messages."userId" = ${userId} AND messages."id" = waiting."id"`;
    return true;
  },

  /** Queues again, on the owner's word, the messages whose answer was lost. Returns how many. */
  requeueUnknown(userId: UserId, id: string): Promise<number> {
    return requeue(userId, id, part`"status" = 'unknown'`);
  },

  /** Queues again, on the owner's word, the failed messages that may succeed on another try. Returns how many. */
  requeueFailed(userId: UserId, id: string): Promise<number> {
    return requeue(userId, id, retryable);
  },

  async countRetryable(userId: UserId, id: string): Promise<number> {
    const [row] = await sql<{ count: number }>`
      SELECT count(*)::int AS count FROM messages
      WHERE "userId" = ${userId} AND "campaignId" = ${id} AND ${retryable}`;
    return row?.count ?? 0;
  },

  /** Queues again, by itself, what WhatsApp held back (131049) and whose day has come. Returns how many. */
  requeueHeldBack(userId: UserId, id: string): Promise<number> {
    return requeue(userId, id, heldBackAndDue);
  },

  /** The campaigns of an account that may send now, oldest first. */
  listSending(userId: UserId) {
    return db.campaign.findMany({
      where: { userId, status: "processing", frozenAt: { not: null } },
      select: { id: true, messageType: true, templateSnapshot: true },
      orderBy: { id: "asc" },
    });
  },

  /**
   * Ends every campaign of the account that has nothing left to send; in flight counts as left. The campaigns are locked
   * first, so that what is left is counted after whoever was queueing messages again has committed.
   */
  async finishAll(userId: UserId): Promise<void> {
    await transaction(async (sql) => {
      await sql`
        SELECT FROM campaigns WHERE "userId" = ${userId} AND "status" = 'processing' AND "frozenAt" IS NOT NULL
        ORDER BY "id" FOR NO KEY UPDATE`;
      await sql`
        UPDATE campaigns SET "status" = 'completed', "completedAt" = now(), "updatedAt" = now()
        WHERE "userId" = ${userId} AND "status" = 'processing' AND "frozenAt" IS NOT NULL
          AND NOT EXISTS (
            SELECT FROM messages WHERE messages."campaignId" = campaigns."id" AND messages."status" = 'queued'
              AND messages."notBefore" IS NOT NULL)
          AND NOT EXISTS (
            SELECT FROM messages WHERE messages."campaignId" = campaigns."id" AND messages."status" = 'sending'
              AND messages."claimedAt" IS NOT NULL)`;
    });
  },

  /** For the sweep: campaigns of the last ten days with people whom WhatsApp held back and whose day has come. */
  async findHeldBackOfAllTenants() {
    return tenants(
      await sql<{ userId: string; id: string }>`
      SELECT campaign."userId", campaign."id" FROM campaigns campaign
      WHERE campaign."retriesHeldBack" AND campaign."status"::text = ANY(${[...reopenable]})
        AND campaign."startedAt" IS NOT NULL
        AND (campaign."completedAt" IS NULL OR campaign."completedAt" > now() - interval '10 days')
        AND EXISTS (
          SELECT FROM messages WHERE messages."campaignId" = campaign."id" AND ${heldBackAndDue}) LIMIT 1000`,
    );
  },

  /** For the sweep: scheduled campaigns whose hour has come. */
  async findOverdueOfAllTenants() {
    return tenants(
      await sql<{ userId: string; id: string }>`
      SELECT "userId", "id" FROM campaigns WHERE "status" = 'scheduled' AND "scheduledAt" <= now() LIMIT 1000`,
    );
  },

  /** For the sweep: started campaigns whose audience was not frozen, because something died in between. */
  async findUnfrozenOfAllTenants() {
    return tenants(
      await sql<{ userId: string; id: string }>`
      SELECT "userId", "id" FROM campaigns
      WHERE "status" = 'processing' AND "frozenAt" IS NULL AND "startedAt" < now() - interval '30 seconds' LIMIT 1000`,
    );
  },

  /** For the sweep: accounts with a campaign that is sending. */
  async findSendingOfAllTenants(): Promise<UserId[]> {
    const rows = await sql<{ userId: string }>`
      SELECT DISTINCT "userId" FROM campaigns WHERE "status" = 'processing' AND "frozenAt" IS NOT NULL`;
    return rows.map(({ userId }) => userIdSchema.parse(userId));
  },
};

const tenants = (rows: { userId: string; id: string }[]) =>
  rows.map(({ userId, id }) => ({ userId: userIdSchema.parse(userId), campaignId: id }));
