import { deletable, predecessorsOf, reopenable } from "@/lib/campaigns/lifecycle";
import {
  type Audience,
  audienceSchema,
  type CampaignListQuery,
  type MessageContent,
  messageContentSchema,
  type Parameter,
} from "@/lib/campaigns/schema";
import { db, type Part, part, sql, transaction } from "@/lib/db";
import type { CampaignStatus, MessageType } from "@/lib/db/generated/enums";
import { notFound } from "@/lib/errors";
import { type UserId, userIdSchema } from "@/lib/tenant";

const PAGE_SIZE = 50;

const summary = {
  id: true,
  name: true,
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
  messageType: true,
  messageContent: true,
  audience: true,
  templateSnapshot: true,
  frozenAt: true,
} as const;

export type NewCampaign = {
  userId: UserId;
  name: string;
  templateId?: string | null;
  messageType: MessageType;
  messageContent: { parameters: MessageContent["parameters"] } | { text: string };
  audience?: Audience;
  status?: CampaignStatus;
  totalRecipients?: number;
};

/** The people of an audience who may be messaged: agreed, not blocked, reachable by number. */
const recipientsOf = (userId: UserId, { tags, match, excludeTags }: Audience): Part => part`
  contacts contact
  WHERE contact."userId" = ${userId} AND contact."optedIn" AND NOT contact."isBlocked"
    AND contact."deletedAt" IS NULL AND contact."phone" IS NOT NULL
    AND (cardinality(${tags}::text[]) = 0 OR CASE WHEN ${match} = 'all'
      THEN contact."tags" @> ${tags}::text[] ELSE contact."tags" && ${tags}::text[] END)
    AND NOT contact."tags" && ${excludeTags}::text[]`;

/** The person's field that a parameter names, as it is stored. */
function fieldOf(field: string): Part {
  switch (field) {
    case "name":
      return part`contact."name"`;
    case "firstName":
      return part`split_part(btrim(contact."name"), ' ', 1)`;
    case "phone":
      return part`contact."phone"`;
    case "email":
      return part`contact."email"`;
    default:
      return part`contact."metadata" ->> ${field.slice("metadata.".length)}::text`;
  }
}

/** The same text for everybody, or the person's field with its fallback, on one line with single spaces. */
const renderedParameter = (parameter: Parameter): Part => {
  const text =
    typeof parameter === "string"
      ? part`${parameter}::text`
      : part`coalesce(nullif(btrim(${fieldOf(parameter.field)}), ''), ${parameter.fallback})`;
  return part`btrim(regexp_replace(${text}, '\\s+', ' ', 'g'))`;
};

/** One value per template parameter. Known before the statement is, so that each row only fills them in. */
const renderedParameters = (parameters: Parameter[]): Part => {
  const [first = part``, ...rest] = parameters.map(renderedParameter);
  return part`jsonb_build_array(${rest.reduce((list, value) => part`${list}, ${value}`, first)})`;
};

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

  /** True for exactly one caller: the check and the write are one statement. */
  async move(
    userId: UserId,
    id: string,
    to: CampaignStatus,
    { errorMessage = null }: { errorMessage?: string | null } = {},
  ): Promise<boolean> {
    const moved = await sql`
      UPDATE campaigns SET "status" = ${to}::"CampaignStatus", "pauseReason" = NULL, "updatedAt" = now(),
        "errorMessage" = ${errorMessage},
        "scheduledAt" = CASE WHEN ${to} = 'draft' THEN NULL ELSE "scheduledAt" END,
        "completedAt" = CASE WHEN ${to} = 'failed' THEN now() ELSE "completedAt" END
      WHERE "userId" = ${userId} AND "id" = ${id} AND "status"::text = ANY(${predecessorsOf(to)})
      RETURNING "id"`;
    return moved.length === 1;
  },

  /** False when the campaign cannot be scheduled any more or the instant has passed by the database's clock. */
  async schedule(userId: UserId, id: string, scheduledAt: string): Promise<boolean> {
    const moved = await sql`
      UPDATE campaigns SET "status" = 'scheduled', "scheduledAt" = ${scheduledAt}, "updatedAt" = now()
      WHERE "userId" = ${userId} AND "id" = ${id} AND ${scheduledAt}::timestamptz > now()
        AND "status"::text = ANY(${predecessorsOf("scheduled")})
      RETURNING "id"`;
    return moved.length === 1;
  },

  /**
   * Begins a campaign and freezes its template, if the template is approved. With `onlyIfDue` only at or after its
   * scheduled instant. True for exactly one caller.
   */
  async start(userId: UserId, id: string, { onlyIfDue }: { onlyIfDue: boolean }): Promise<boolean> {
    const started = await sql`
      UPDATE campaigns SET "status" = 'processing', "startedAt" = now(), "updatedAt" = now(),
        "templateSnapshot" = jsonb_build_object('name', template."name", 'language', template."language",
          'category', template."category", 'components', template."components")
      FROM templates template
      WHERE campaigns."userId" = ${userId} AND campaigns."id" = ${id}
        AND template."userId" = campaigns."userId" AND template."id" = campaigns."templateId"
        AND template."status" = 'approved' AND campaigns."status"::text = ANY(${predecessorsOf("processing")})
        AND campaigns."status" <> 'paused'
        AND (NOT ${onlyIfDue} OR (campaigns."status" = 'scheduled' AND campaigns."scheduledAt" <= now()))
      RETURNING campaigns."id"`;
    return started.length === 1;
  },

  /** Ends a campaign whose hour has come while its template is not approved. Does nothing to any other. */
  async failUnapproved(userId: UserId, id: string, errorMessage: string): Promise<void> {
    await sql`
      UPDATE campaigns SET "status" = 'failed', "errorMessage" = ${errorMessage}, "completedAt" = now(),
        "updatedAt" = now()
      WHERE "userId" = ${userId} AND "id" = ${id} AND "status" = 'scheduled' AND "scheduledAt" <= now()
        AND NOT EXISTS (
          SELECT FROM templates WHERE templates."userId" = campaigns."userId"
            AND templates."id" = campaigns."templateId" AND templates."status" = 'approved')`;
  },

  /**
   * Writes one queued message with its rendered parameters for everybody in the audience, all or nothing, so it may
   * be run again after a crash. Nothing is sent before. Returns the number of recipients, or null when there was
   * nothing to freeze.
   */
  async freeze(userId: UserId, id: string): Promise<number | null> {
    return transaction(async (sql) => {
      await sql`SET LOCAL statement_timeout = '10min'`;
      const [campaign] = await sql<{ audience: unknown; messageContent: unknown }>`
        SELECT "audience", "messageContent" FROM campaigns
        WHERE "userId" = ${userId} AND "id" = ${id} AND "status" = 'processing' AND "frozenAt" IS NULL
        FOR UPDATE`;
      if (!campaign) return null;
      const audience = audienceSchema.parse(campaign.audience);
      const { parameters } = messageContentSchema.parse(campaign.messageContent);
      await sql`
        INSERT INTO messages ("userId", "campaignId", "contactId", "direction", "type", "content")
        SELECT ${userId}, ${id}, contact."id", 'outbound', 'template',
          jsonb_build_object('parameters', ${renderedParameters(parameters)})
        FROM ${recipientsOf(userId, audience)}
        ORDER BY contact."id"
        ON CONFLICT ("campaignId", "contactId") DO NOTHING`;
      const [frozen] = await sql<{ totalRecipients: number }>`
        UPDATE campaigns SET "frozenAt" = now(), "updatedAt" = now(),
          "totalRecipients" = (SELECT count(*) FROM messages WHERE "userId" = ${userId} AND "campaignId" = ${id})
        WHERE "userId" = ${userId} AND "id" = ${id}
        RETURNING "totalRecipients"`;
      return frozen?.totalRecipients ?? 0;
    });
  },

  async countAudience(userId: UserId, audience: Audience): Promise<number> {
    const [row] = await sql<{ count: number }>`
      SELECT count(*)::int AS count FROM ${recipientsOf(userId, audience)}`;
    return row?.count ?? 0;
  },

  /** The parameters as the first few people of an audience would get them. */
  async previewAudience(userId: UserId, audience: Audience, parameters: MessageContent["parameters"]) {
    return sql<{ contactId: string; name: string | null; parameters: string[] }>`
      SELECT contact."id" AS "contactId", contact."name", ${renderedParameters(parameters)} AS parameters
      FROM ${recipientsOf(userId, audience)}
      ORDER BY contact."id" LIMIT 3`;
  },

  /** Nothing of this campaign is claimed for sending after this commits. */
  async pause(userId: UserId, id: string, reason: string): Promise<boolean> {
    const { count } = await db.campaign.updateMany({
      where: { userId, id, status: { in: predecessorsOf("paused") } },
      data: { status: "paused", pauseReason: reason },
    });
    return count === 1;
  },

  /** For a cause that concerns the whole account, such as an expired token. */
  async pauseAll(userId: UserId, reason: string): Promise<void> {
    await db.campaign.updateMany({
      where: { userId, status: { in: predecessorsOf("paused") } },
      data: { status: "paused", pauseReason: reason },
    });
  },

  /** Final. Whoever has not been sent the message is skipped, in the same statement. */
  async cancel(userId: UserId, id: string): Promise<boolean> {
    const canceled = await sql`
      WITH canceled AS (
        UPDATE campaigns SET "status" = 'canceled', "completedAt" = now(), "updatedAt" = now()
        WHERE "userId" = ${userId} AND "id" = ${id} AND "status"::text = ANY(${predecessorsOf("canceled")})
        RETURNING "id"
      ), skipped AS (
        UPDATE messages SET "status" = 'skipped', "errorMessage" = 'The campaign was canceled', "updatedAt" = now()
        FROM canceled WHERE messages."userId" = ${userId} AND messages."campaignId" = canceled."id"
          AND messages."status" = 'queued'
      )
      SELECT "id" FROM canceled`;
    return canceled.length === 1;
  },

  /**
   * Queues again, on the owner's word, the messages whose answer was lost; a completed campaign goes on. Returns how
   * many: of several callers at once only one gets them. Locks messages before their campaign, as whatever applies
   * reports does.
   */
  async requeueUnknown(userId: UserId, id: string): Promise<number> {
    const requeued = await sql`
      WITH lost AS (
        SELECT "id" FROM messages
        WHERE "userId" = ${userId} AND "campaignId" = ${id} AND "status" = 'unknown'
        ORDER BY "id" FOR UPDATE
      ), reopened AS (
        UPDATE campaigns SET "completedAt" = NULL, "updatedAt" = now(),
          "status" = CASE WHEN "status" = 'completed' THEN 'processing' ELSE "status" END
        WHERE "userId" = ${userId} AND "id" = ${id} AND "status"::text = ANY(${[...reopenable]})
          AND (SELECT count(*) FROM lost) > 0
        RETURNING "id"
      )
      UPDATE messages SET "status" = 'queued', "retryCount" = "retryCount" + 1, "notBefore" = now(),
        "claimedAt" = NULL, "errorMessage" = NULL, "updatedAt" = now()
      FROM lost, reopened
      WHERE messages."userId" = ${userId} AND messages."id" = lost."id"
      RETURNING messages."id"`;
    return requeued.length;
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
        WHERE "userId" = ${userId} AND "status" = 'processing' AND "frozenAt" IS NOT NULL AND NOT EXISTS (
          SELECT FROM messages WHERE messages."userId" = campaigns."userId"
            AND messages."campaignId" = campaigns."id" AND messages."status" IN ('queued', 'sending'))`;
    });
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
