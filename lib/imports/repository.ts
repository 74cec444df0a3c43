import * as z from "zod";
import { db, type Sql, sql, transaction } from "@/lib/db";
import { notFound } from "@/lib/errors";
import type { ImportedContact } from "@/lib/imports/row";
import {
  type ImportOptions,
  importOptionsSchema,
  type RejectedRow,
  rejectedRowSchema,
} from "@/lib/imports/schema";
import { type UserId, userIdSchema } from "@/lib/tenant";

const HISTORY_SIZE = 50;
/** More rejected rows than this are counted, but not kept. */
export const MAX_KEPT_REJECTIONS = 10_000;

const summary = {
  id: true,
  fileName: true,
  status: true,
  consentStatement: true,
  totalRows: true,
  createdCount: true,
  updatedCount: true,
  unchangedCount: true,
  rejectedCount: true,
  errorMessage: true,
  createdAt: true,
  completedAt: true,
} as const;

/** What a run needs to go on: `position` is the number of rows that are done. */
export type ImportJob = { options: ImportOptions; consentStatement: string; position: number };

/** The next rows of a file, each either a contact or rejected. */
export type Chunk = { contacts: (ImportedContact & { line: number })[]; rejected: RejectedRow[] };

export const importRepository = {
  async create(userId: UserId, input: { fileName: string; totalRows: number }): Promise<{ id: string }> {
    return db.import.create({ data: { ...input, userId }, select: { id: true } });
  },

  find(userId: UserId, id: string) {
    return db.import.findUnique({ where: { id, userId }, select: summary });
  },

  async get(userId: UserId, id: string) {
    const found = await importRepository.find(userId, id);
    if (!found) throw notFound("Import");
    return found;
  },

  /** The latest imports, newest first. */
  list(userId: UserId) {
    return db.import.findMany({
      where: { userId },
      select: summary,
      orderBy: { id: "desc" },
      take: HISTORY_SIZE,
    });
  },

  /** In the order of the file, as far as they are kept, with the names of the file's columns. */
  async listRejected(userId: UserId, id: string): Promise<{ columns: string[]; rows: RejectedRow[] }> {
    const found = await db.import.findUnique({
      where: { id, userId },
      select: { mapping: true, rejectedRows: true },
    });
    if (!found) throw notFound("Import");
    const options = importOptionsSchema.safeParse(found.mapping);
    return {
      columns: options.data?.columns ?? [],
      rows: z.array(rejectedRowSchema).parse(found.rejectedRows),
    };
  },

  /** True for exactly one caller: the check and the write are one statement. */
  async start(
    userId: UserId,
    id: string,
    options: ImportOptions,
    consentStatement: string | null,
  ): Promise<boolean> {
    const { count } = await db.import.updateMany({
      where: { userId, id, status: "uploaded" },
      data: { status: "processing", mapping: options, consentStatement },
    });
    return count === 1;
  },

  /** Null unless the import is being processed. */
  async findJob(userId: UserId, id: string): Promise<ImportJob | null> {
    const job = await db.import.findUnique({
      where: { id, userId, status: "processing" },
      select: { ...summary, mapping: true },
    });
    return (
      job && {
        options: importOptionsSchema.parse(job.mapping),
        consentStatement: job.consentStatement ?? "",
        position: job.createdCount + job.updatedCount + job.unchangedCount + job.rejectedCount,
      }
    );
  },

  /**
   * Writes the rows after `job.position` and counts them, in one transaction: a run that was interrupted goes on where
   * the counters stand. False when another run was faster or the import has ended.
   */
  apply(userId: UserId, id: string, job: ImportJob, { contacts, rejected }: Chunk): Promise<boolean> {
    return transaction(async (sql) => {
      const [counted] = await sql<{ rejectedCount: number }>`
        SELECT "rejectedCount" FROM imports
        WHERE "userId" = ${userId} AND id = ${id} AND status = 'processing'
          AND "createdCount" + "updatedCount" + "unchangedCount" + "rejectedCount" = ${job.position}
        FOR UPDATE`;
      if (!counted) return false;

      const created = await insertNew(sql, userId, id, job, contacts);
      const known = contacts.filter(({ phone }) => !created.has(phone));
      const updated = job.options.existing === "skip" ? 0 : await updateKnown(sql, userId, id, job, known);
      const kept = rejected.slice(0, Math.max(0, MAX_KEPT_REJECTIONS - counted.rejectedCount));
      await sql`
        UPDATE imports SET
          "createdCount" = "createdCount" + ${created.size},
          "updatedCount" = "updatedCount" + ${updated},
          "unchangedCount" = "unchangedCount" + ${known.length - updated},
          "rejectedCount" = "rejectedCount" + ${rejected.length},
          "rejectedRows" = "rejectedRows" || ${JSON.stringify(kept)}::jsonb,
          "updatedAt" = now()
        WHERE "userId" = ${userId} AND id = ${id}`;
      return true;
    });
  },

  async complete(userId: UserId, id: string): Promise<void> {
    await sql`
      UPDATE imports SET status = 'completed', "completedAt" = now(), "updatedAt" = now(),
        "totalRows" = "createdCount" + "updatedCount" + "unchangedCount" + "rejectedCount"
      WHERE "userId" = ${userId} AND id = ${id} AND status = 'processing'`;
  },

  async fail(userId: UserId, id: string, errorMessage: string): Promise<void> {
    await sql`
      UPDATE imports SET status = 'failed', "errorMessage" = ${errorMessage}, "completedAt" = now(), "updatedAt" = now()
      WHERE "userId" = ${userId} AND id = ${id} AND status = 'processing'`;
  },

  /** Being processed, but nothing has happened for two minutes. */
  async findStalledOfAllTenants(): Promise<{ userId: UserId; importId: string }[]> {
    const rows = await sql<{ userId: string; importId: string }>`
      SELECT "userId", id AS "importId" FROM imports
      WHERE status = 'processing' AND "updatedAt" < now() - interval '2 minutes'`;
    return rows.map(({ userId, importId }) => ({ userId: userIdSchema.parse(userId), importId }));
  },

  /** Removes uploads that nobody started within a day and tells which they were. */
  async removeAbandonedOfAllTenants(): Promise<string[]> {
    const rows = await sql<{ id: string }>`
      DELETE FROM imports WHERE status = 'uploaded' AND "createdAt" < now() - interval '1 day' RETURNING id`;
    return rows.map(({ id }) => id);
  },
};

/** One array per column: the cheapest way to hand many rows to PostgreSQL. */
function columnsOf(contacts: Chunk["contacts"]) {
  return {
    lines: contacts.map(({ line }) => line),
    phones: contacts.map(({ phone }) => phone),
    names: contacts.map(({ name }) => name),
    emails: contacts.map(({ email }) => email),
    // PostgreSQL has no arrays of arrays of different length.
    tags: contacts.map(({ tags }) => JSON.stringify(tags)),
    metadata: contacts.map(({ metadata }) => JSON.stringify(metadata)),
    agreed: contacts.map(({ agreed }) => agreed),
  };
}

/** Returns the numbers of the people who were not here. Sorted, so that imports at the same time wait for each other in one order. */
async function insertNew(
  sql: Sql,
  userId: UserId,
  importId: string,
  { consentStatement }: ImportJob,
  contacts: Chunk["contacts"],
): Promise<Set<string>> {
  const { lines, phones, names, emails, tags, metadata, agreed } = columnsOf(contacts);
  const rows = await sql<{ phone: string }>`
    WITH input AS (
      SELECT * FROM unnest(${lines}::int[], ${phones}::text[], ${names}::text[], ${emails}::text[], ${tags}::jsonb[],
        ${metadata}::jsonb[], ${agreed}::boolean[]) AS row (line, phone, name, email, tags, metadata, agreed)
    ), created AS (
      INSERT INTO contacts ("userId", phone, name, email, tags, metadata, "optInSource", "importId",
        "optedIn", "optedInAt", "optedOutAt")
      SELECT ${userId}, phone, name, email, ARRAY(SELECT jsonb_array_elements_text(tags)), metadata, 'csv', ${importId},
        agreed AND suppression.id IS NULL,
        CASE WHEN agreed AND suppression.id IS NULL THEN now() END,
        suppression."createdAt"
      FROM input LEFT JOIN suppressions AS suppression
        ON suppression."userId" = ${userId} AND suppression."phoneHash" = suppression_hash(${userId}, phone)
      ORDER BY phone
      ON CONFLICT ("userId", phone) DO NOTHING
      RETURNING id, phone, "optedIn", "optedOutAt"
    ), recorded AS (
      INSERT INTO consent_events ("userId", "contactId", action, source, wording, "importId", "fileRow", actor)
      SELECT ${userId}, id, (CASE WHEN "optedIn" THEN 'opt_in' ELSE 'opt_out' END)::"ConsentAction", 'csv',
        CASE WHEN "optedIn" THEN ${consentStatement} ELSE 'This number had opted out before. The file does not change that.' END,
        ${importId}, line, ${userId}
      FROM created JOIN input USING (phone)
      WHERE "optedIn" OR "optedOutAt" IS NOT NULL
    )
    SELECT phone FROM created`;
  return new Set(rows.map(({ phone }) => phone));
}

/** Empty cells erase nothing, tags are only added, and nobody who opted out is opted in. Returns how many people changed. */
async function updateKnown(
  sql: Sql,
  userId: UserId,
  importId: string,
  { options, consentStatement }: ImportJob,
  contacts: Chunk["contacts"],
): Promise<number> {
  const { lines, phones, names, emails, tags, metadata, agreed } = columnsOf(contacts);
  const [changed] = await sql<{ count: number }>`
    WITH input AS (
      SELECT * FROM unnest(${lines}::int[], ${phones}::text[], ${names}::text[], ${emails}::text[], ${tags}::jsonb[],
        ${metadata}::jsonb[], ${agreed}::boolean[]) AS row (line, phone, name, email, tags, metadata, agreed)
    ), known AS (
      SELECT contact.*, input.line, input.name AS "newName", input.email AS "newEmail",
        input.metadata AS "newMetadata",
        ARRAY(
          SELECT tag FROM jsonb_array_elements_text(input.tags) WITH ORDINALITY AS added (tag, position)
          WHERE NOT EXISTS (SELECT FROM unnest(contact.tags) AS present WHERE lower(present) = lower(tag))
          ORDER BY position
        ) AS "newTags",
        input.agreed AND NOT contact."optedIn" AND contact."optedOutAt" IS NULL AND suppression.id IS NULL AS "optsIn"
      FROM contacts AS contact
      JOIN input ON input.phone = contact.phone
      LEFT JOIN suppressions AS suppression
        ON suppression."userId" = ${userId} AND suppression."phoneHash" = suppression_hash(${userId}, input.phone)
      WHERE contact."userId" = ${userId}
      ORDER BY contact.phone
      FOR NO KEY UPDATE OF contact
    ), wanted AS (
      SELECT id, line, "optsIn", tags || "newTags" AS tags,
        CASE WHEN ${options.existing === "overwrite"} THEN coalesce("newName", name) ELSE coalesce(name, "newName") END AS name,
        CASE WHEN ${options.existing === "overwrite"} THEN coalesce("newEmail", email) ELSE coalesce(email, "newEmail") END AS email,
        CASE WHEN ${options.existing === "overwrite"} THEN metadata || "newMetadata" ELSE "newMetadata" || metadata END AS metadata
      FROM known
    ), changed AS (
      UPDATE contacts SET name = wanted.name, email = wanted.email, tags = wanted.tags, metadata = wanted.metadata,
        "optedIn" = contacts."optedIn" OR "optsIn",
        "optedInAt" = CASE WHEN "optsIn" THEN now() ELSE contacts."optedInAt" END,
        "optInSource" = CASE WHEN "optsIn" THEN 'csv' ELSE contacts."optInSource" END,
        "updatedAt" = now()
      FROM wanted
      WHERE contacts."userId" = ${userId} AND contacts.id = wanted.id
        AND ("optsIn" OR (contacts.name, contacts.email, contacts.tags, contacts.metadata)
          IS DISTINCT FROM (wanted.name, wanted.email, wanted.tags, wanted.metadata))
      RETURNING contacts.id, wanted.line, wanted."optsIn"
    ), recorded AS (
      INSERT INTO consent_events ("userId", "contactId", action, source, wording, "importId", "fileRow", actor)
      SELECT ${userId}, id, 'opt_in', 'csv', ${consentStatement}, ${importId}, line, ${userId}
      FROM changed WHERE "optsIn"
    )
    SELECT count(*)::int AS count FROM changed`;
  return changed?.count ?? 0;
}
