import { db, part, sql } from "@/lib/db";
import { unseen } from "@/lib/db/unseen";
import { notFound } from "@/lib/errors";
import { MAX_COLUMNS } from "@/lib/imports/records";
import {
  type ImportedPerson,
  type ImportOptions,
  importOptionsSchema,
  KEPT_DAYS,
  type RejectedRow,
} from "@/lib/imports/schema";
import type { UserId } from "@/lib/tenant";

const HISTORY_SIZE = 50;
const PAGE_SIZE = 50;
const REMEMBERED = 20;
const SHOWN_REJECTIONS = 50;
const SHOWN_LENGTH = 100;
const EXPORT_ROWS = 2_000;
const EXPORT_BYTES = 4_000_000;
/** What neither of PostgreSQL's two methods exceeds. */
const MAX_COMPRESSION = 255;

const summary = {
  id: true,
  fileName: true,
  status: true,
  consentStatement: true,
  totalRows: true,
  createdCount: true,
  updatedCount: true,
  unchangedCount: true,
  skippedCount: true,
  rejectedCount: true,
  duplicateCount: true,
  removedCount: true,
  restoredCount: true,
  keptCount: true,
  errorMessage: true,
  createdAt: true,
  completedAt: true,
  undoneAt: true,
} as const;

/** What a file is stored under, and what the account has of that already. */
export type NewUpload = { id: string; storedBytes: number };

export const importRepository = {
  async prepare(userId: UserId): Promise<NewUpload> {
    const [prepared] = await sql<NewUpload>`
      SELECT uuid_v7() AS id, coalesce(sum("fileBytes"), 0)::float8 AS "storedBytes"
      FROM imports WHERE "userId" = ${userId} AND status IN ('uploaded', 'processing')`;
    if (!prepared) throw new Error("The database made no id");
    return prepared;
  },

  async create(
    userId: UserId,
    input: { id?: string; fileName: string; fileBytes: number; totalRows: number },
  ): Promise<{ id: string }> {
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

  /** The names of the file's columns; none before the import was started. */
  async listColumns(userId: UserId, id: string): Promise<string[]> {
    const found = await db.import.findUnique({ where: { id, userId }, select: { mapping: true } });
    if (!found) throw notFound("Import");
    return importOptionsSchema.safeParse(found.mapping).data?.columns ?? [];
  },

  /** The first rejected rows, each as far as a page shows it. */
  showRejected(userId: UserId, id: string): Promise<RejectedRow[]> {
    return sql<RejectedRow>`
      SELECT line, "isDuplicate", reason, ARRAY(
        SELECT CASE WHEN length(cell) > ${SHOWN_LENGTH} THEN left(cell, ${SHOWN_LENGTH - 1}) || '…' ELSE cell END
        FROM unnest(cells[1:${MAX_COLUMNS + 1}]) WITH ORDINALITY AS shown (cell, place) ORDER BY place
      ) AS cells
      FROM import_rejections
      WHERE "userId" = ${userId} AND "importId" = ${id}
      ORDER BY line LIMIT ${SHOWN_REJECTIONS}`;
  },

  /**
   * In the order of the file, the next rows behind `afterLine`: fewer than fit into memory, at least one, none at the end.
   * Small rows are stored as they are; compressed ones are taken for as long as they can be.
   */
  listRejected(userId: UserId, id: string, afterLine: number): Promise<RejectedRow[]> {
    return sql<RejectedRow>`
      SELECT line, "isDuplicate", reason, cells FROM (
        SELECT *, sum(size) OVER (ORDER BY line) - size AS before FROM (
          SELECT *, CASE WHEN pg_column_size(cells) < 1500 THEN 1 ELSE ${MAX_COMPRESSION} END * pg_column_size(cells) AS size
          FROM import_rejections
          WHERE "userId" = ${userId} AND "importId" = ${id} AND line > ${afterLine}
          ORDER BY line LIMIT ${EXPORT_ROWS}
        ) AS next
      ) AS measured
      WHERE before < ${EXPORT_BYTES} ORDER BY line`;
  },

  /** Whom an import changed, or whom undoing it left alone. */
  async listPeople(
    userId: UserId,
    id: string,
    query: { list: "changed" | "kept"; after?: string | undefined },
  ) {
    const rows = await sql<ImportedPerson>`
      SELECT contact.id, contact.name, contact.phone, change.line, change.before, change.kept
      FROM import_changes AS change
      JOIN contacts AS contact ON contact."userId" = ${userId} AND contact.id = change."contactId"
      WHERE change."userId" = ${userId} AND change."importId" = ${id}
        AND CASE WHEN ${query.list} = 'kept' THEN change.kept IS NOT NULL ELSE change.before IS NOT NULL END
        AND change."contactId" > ${query.after ?? "00000000-0000-0000-0000-000000000000"}
      ORDER BY change."contactId" LIMIT ${PAGE_SIZE + 1}`;
    const items = rows.slice(0, PAGE_SIZE);
    return { items, next: rows.length > PAGE_SIZE ? (items.at(-1)?.id ?? null) : null };
  },

  /** What was chosen for earlier files, for one with the same header before the others, and the newest first. */
  async listOptions(userId: UserId, columns: string[]): Promise<ImportOptions[]> {
    const rows = await sql<{ mapping: unknown }>`
      SELECT mapping FROM imports
      WHERE "userId" = ${userId} AND status <> 'uploaded'
      ORDER BY mapping -> 'columns' = ${JSON.stringify(columns)}::jsonb DESC, id DESC LIMIT ${REMEMBERED}`;
    return rows.flatMap(({ mapping }) => importOptionsSchema.safeParse(mapping).data ?? []);
  },

  async countContacts(userId: UserId): Promise<number> {
    return db.contact.count({ where: { userId, deletedAt: null } });
  },

  /** How many of these numbers nobody among the contacts has. OFFSET 0 has each of them looked up by index. */
  async countNewcomers(userId: UserId, phones: string[]): Promise<number> {
    const [counted] = await sql<{ count: number }>`
      SELECT count(*)::int AS count FROM unnest(${phones}::text[]) AS file (number)
      WHERE NOT EXISTS (SELECT FROM contacts WHERE "userId" = ${unseen(userId)} AND phone = file.number OFFSET 0)`;
    return counted?.count ?? 0;
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

  /** Takes an upload back that was not started; false when it was. */
  async discard(userId: UserId, id: string): Promise<boolean> {
    const { count } = await db.import.deleteMany({ where: { userId, id, status: "uploaded" } });
    return count === 1;
  },

  /** Removes uploads that nobody started within a day and tells which they were. */
  async removeAbandonedOfAllTenants(): Promise<string[]> {
    const rows = await sql<{ id: string }>`
      DELETE FROM imports WHERE status = 'uploaded' AND "createdAt" < now() - interval '1 day' RETURNING id`;
    return rows.map(({ id }) => id);
  },

  /** Those of these ids whose file nobody will ask for again. */
  async findFinishedOfAllTenants(ids: string[]): Promise<string[]> {
    const rows = await sql<{ id: string }>`
      SELECT file.id FROM unnest(${ids}::text[]) AS file (id)
      WHERE NOT EXISTS (SELECT FROM imports WHERE imports.id::text = file.id AND status IN ('uploaded', 'processing'))`;
    return rows.map(({ id }) => id);
  },

  /** What was kept of people's data for correcting and undoing imports goes after 30 days. */
  async forgetDetailsOfAllTenants(): Promise<void> {
    const over = part`IN (SELECT id FROM imports WHERE "completedAt" < now() - make_interval(days => ${KEPT_DAYS}))`;
    await sql`DELETE FROM import_rejections WHERE "importId" ${over}`;
    await sql`DELETE FROM import_changes WHERE "importId" ${over}`;
  },
};
