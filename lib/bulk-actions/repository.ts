import type { BulkActionInput, Selection } from "@/lib/bulk-actions/schema";
import { outByWhatsAppAlone, suppressAll } from "@/lib/consent/repository";
import { matches } from "@/lib/contact-filters/repository";
import { db, type Part, part, type Sql, sql, transaction } from "@/lib/db";
import type { BulkActionKind } from "@/lib/db/generated/enums";
import { notFound } from "@/lib/errors";
import { deletePeople } from "@/lib/personal-data/repository";
import { type UserId, userIdSchema } from "@/lib/tenant";

const CHUNK = 1000;
const MAX_TAGS = 50;

const shown = {
  id: true,
  kind: true,
  tags: true,
  status: true,
  totalCount: true,
  processedCount: true,
  changedCount: true,
  createdAt: true,
  completedAt: true,
} as const;

const chosen = (userId: UserId, selection: Selection): Part =>
  "ids" in selection
    ? part`contact."userId" = ${userId} AND contact."deletedAt" IS NULL AND contact.id = ANY(${selection.ids}::uuid[])`
    : matches(userId, selection.filter);

export const bulkActionRepository = {
  /** Notes down whom it is for: who meets the filter later is not reached, and who meets it no more still is. */
  create(
    userId: UserId,
    { kind, tags, selection }: BulkActionInput,
  ): Promise<{ id: string; totalCount: number }> {
    return transaction(async (sql) => {
      const [action] = await sql<{ id: string }>`
        INSERT INTO bulk_actions ("userId", kind, tags) VALUES (${userId}, ${kind}::"BulkActionKind", ${tags}::text[])
        RETURNING id`;
      if (!action) throw new Error("The database returned no row.");
      const [counted] = await sql<{ totalCount: number }>`
        WITH noted AS (
          INSERT INTO bulk_action_contacts ("userId", "bulkActionId", "contactId")
          SELECT ${userId}, ${action.id}, contact.id FROM contacts contact WHERE ${chosen(userId, selection)}
          RETURNING 1
        )
        UPDATE bulk_actions SET "totalCount" = (SELECT count(*) FROM noted)
        WHERE "userId" = ${userId} AND id = ${action.id} RETURNING "totalCount"`;
      return { id: action.id, totalCount: counted?.totalCount ?? 0 };
    });
  },

  async get(userId: UserId, id: string) {
    const action = await db.bulkAction.findUnique({ where: { id, userId }, select: shown });
    if (!action) throw notFound("Bulk action");
    return action;
  },

  listRunning(userId: UserId) {
    return db.bulkAction.findMany({
      where: { userId, status: "processing" },
      select: shown,
      orderBy: { id: "asc" },
    });
  },

  /** What is done stays done. Does nothing to one that has ended. */
  async cancel(userId: UserId, id: string): Promise<void> {
    await transaction(async (sql) => {
      const canceled = await sql`
        UPDATE bulk_actions SET status = 'canceled', "completedAt" = now()
        WHERE "userId" = ${userId} AND id = ${id} AND status = 'processing' RETURNING id`;
      if (canceled.length > 0) {
        await sql`DELETE FROM bulk_action_contacts WHERE "userId" = ${userId} AND "bulkActionId" = ${id}`;
        return;
      }
      const [known] = await sql`SELECT 1 FROM bulk_actions WHERE "userId" = ${userId} AND id = ${id}`;
      if (!known) throw notFound("Bulk action");
    });
  },

  /**
   * Does it to the next thousand, all or nothing, so it may be repeated after a crash. Of several at once each waits for
   * the one before. True while there is more to do.
   */
  proceed(userId: UserId, id: string): Promise<boolean> {
    return transaction(async (sql) => {
      const [action] = await sql<{ kind: BulkActionKind; tags: string[] }>`
        SELECT kind, tags FROM bulk_actions WHERE "userId" = ${userId} AND id = ${id} AND status = 'processing' FOR UPDATE`;
      if (!action) return false;
      const next = await sql<{ contactId: string }>`
        DELETE FROM bulk_action_contacts WHERE "userId" = ${userId} AND "bulkActionId" = ${id} AND "contactId" IN (
          SELECT "contactId" FROM bulk_action_contacts WHERE "userId" = ${userId} AND "bulkActionId" = ${id}
          ORDER BY "contactId" LIMIT ${CHUNK})
        RETURNING "contactId"`;
      const ids = next.map(({ contactId }) => contactId);
      const changed = ids.length > 0 ? await apply(sql, userId, action, ids) : 0;
      // A merge may have put somebody in another one's place meanwhile.
      const isDone = ids.length < CHUNK && !(await hasMore(sql, userId, id));
      await sql`
        UPDATE bulk_actions SET "processedCount" = "processedCount" + ${ids.length},
          "changedCount" = "changedCount" + ${changed},
          status = CASE WHEN ${isDone} THEN 'completed' ELSE status END,
          "completedAt" = CASE WHEN ${isDone} THEN now() END
        WHERE "userId" = ${userId} AND id = ${id}`;
      return !isDone;
    });
  },

  /** For the sweep: those that have still something to do. */
  async listRunningOfAllTenants(): Promise<{ userId: UserId; bulkActionId: string }[]> {
    const rows = await sql<{ userId: string; id: string }>`
      SELECT "userId", id FROM bulk_actions WHERE status = 'processing'`;
    return rows.map(({ userId, id }) => ({ userId: userIdSchema.parse(userId), bulkActionId: id }));
  },
};

async function hasMore(sql: Sql, userId: UserId, id: string): Promise<boolean> {
  const more = await sql`
    SELECT FROM bulk_action_contacts WHERE "userId" = ${userId} AND "bulkActionId" = ${id} LIMIT 1`;
  return more.length > 0;
}

/** Returns how many it changed. Rows are locked in the order of their ids, as everything that locks many does. */
async function apply(
  sql: Sql,
  userId: UserId,
  { kind, tags }: { kind: BulkActionKind; tags: string[] },
  ids: string[],
): Promise<number> {
  if (kind === "delete") return deletePeople(sql, userId, ids);
  await sql`
    SELECT FROM contacts WHERE "userId" = ${userId} AND id = ANY(${ids}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
  switch (kind) {
    case "tag":
      return change(sql, userId, ids, {
        set: part`tags = contact.tags || ${missingTags(tags)}`,
        where: part`cardinality(${missingTags(tags)}) > 0
          AND cardinality(contact.tags) + cardinality(${missingTags(tags)}) <= ${MAX_TAGS}`,
      });
    case "untag":
      return change(sql, userId, ids, {
        set: part`tags = ARRAY(
          SELECT own.tag FROM unnest(contact.tags) WITH ORDINALITY AS own (tag, place)
          WHERE NOT lower(own.tag) = ANY(${lower(tags)}::text[]) ORDER BY own.place)`,
        where: part`EXISTS (SELECT FROM unnest(contact.tags) AS own (tag) WHERE lower(own.tag) = ANY(${lower(tags)}::text[]))`,
      });
    case "block":
      return change(sql, userId, ids, {
        set: part`"isBlocked" = true`,
        where: part`NOT contact."isBlocked"`,
      });
    case "unblock":
      return change(sql, userId, ids, {
        set: part`"isBlocked" = false, "blockedReason" = NULL`,
        where: part`contact."isBlocked"`,
      });
    case "opt_out":
      return optOutAll(sql, userId, ids);
  }
}

const lower = (tags: string[]) => tags.map((tag) => tag.toLowerCase());

/** Tags that differ only in case are one: the spelling that a person has stays. */
const missingTags = (tags: string[]): Part => part`ARRAY(
  SELECT wanted.tag FROM unnest(${tags}::text[]) WITH ORDINALITY AS wanted (tag, place)
  WHERE NOT EXISTS (SELECT FROM unnest(contact.tags) AS own (tag) WHERE lower(own.tag) = lower(wanted.tag))
  ORDER BY wanted.place)`;

async function change(
  sql: Sql,
  userId: UserId,
  ids: string[],
  { set, where }: { set: Part; where: Part },
): Promise<number> {
  const changed = await sql`
    UPDATE contacts contact SET ${set}, "updatedAt" = now()
    WHERE contact."userId" = ${userId} AND contact.id = ANY(${ids}::uuid[]) AND contact."deletedAt" IS NULL AND ${where}
    RETURNING contact.id`;
  return changed.length;
}

/** As the opt-out of one person (lib/consent), for many. */
async function optOutAll(sql: Sql, userId: UserId, ids: string[]): Promise<number> {
  const out = await sql<{ id: string }>`
    UPDATE contacts SET "optedIn" = false, "optedOutAt" = now(), "updatedAt" = now()
    WHERE "userId" = ${userId} AND id = ANY(${ids}::uuid[]) AND "deletedAt" IS NULL
      AND ("optedIn" OR "optedOutAt" IS NULL OR ${outByWhatsAppAlone(userId, part`contacts.id`)})
    RETURNING id`;
  const outIds = out.map(({ id }) => id);
  await suppressAll(sql, userId, outIds, part`true`);
  await sql`
    INSERT INTO consent_events ("userId", "contactId", action, source, wording, actor)
    SELECT ${userId}, id, 'opt_out', 'manual', 'Opted out together with others', ${userId}
    FROM unnest(${outIds}::uuid[]) AS id`;
  await sql`
    WITH waiting AS (
      SELECT id FROM messages
      WHERE "userId" = ${userId} AND "contactId" = ANY(${outIds}::uuid[]) AND status = 'queued'
        AND "campaignId" IS NOT NULL
      ORDER BY id FOR UPDATE
    )
    UPDATE messages SET status = 'skipped', "notBefore" = NULL, "updatedAt" = now(),
      "errorMessage" = 'Opted out before the message was sent'
    FROM waiting WHERE messages."userId" = ${userId} AND messages.id = waiting.id`;
  return out.length;
}
