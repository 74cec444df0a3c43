import type { PoolClient } from "pg";
import { rememberFields } from "@/lib/contact-fields/repository";
import { waitForRoom } from "@/lib/contacts/repository";
import { part, type Sql, sql, transaction } from "@/lib/db";
import { copyInto } from "@/lib/db/copy";
import type { CopyLines } from "@/lib/db/copy-text";
import type { SubscriptionTier } from "@/lib/db/generated/enums";
import { unseen } from "@/lib/db/unseen";
import { type Batch, contactColumns, rejectionColumns, rejectionLine } from "@/lib/import-runs/batch";
import { type ImportOptions, importOptionsSchema } from "@/lib/imports/schema";
import type { UserId } from "@/lib/tenant";
import { noRoom, tierLimits } from "@/lib/users/tiers";

/** How long a run holds its account without a sign of life. */
export const LEASE_SECONDS = 15;

export type ImportRun = {
  /** This process, for this import. */
  runner: string;
  options: ImportOptions;
  consentStatement: string;
  /** By part of the numbers: how many rows of the file are behind it. */
  positions: number[];
  tier: SubscriptionTier;
  /** The plan may not have room for everybody in the file. */
  isTight: boolean;
};

export type Part = { index: number; position: number };

type Counts = { created: number; updated: number; unchanged: number; skipped: number; rejected: number };

/** Fewer rows are not worth a second connection. */
const ROWS_FOR_TWO_PARTS = 5_000;
/** So many people may be added by others while an import runs that did not look for room at each step. */
const SPARE_ROOM = 1_000;

export const importRunRepository = {
  /**
   * Takes an import that is to be processed. An account's imports run one after the other: "busy" while another one, or
   * another process with this one, is at work. Null when there is nothing to do. Waits for the last batch of somebody who
   * has died meanwhile, because it says how far the import is.
   */
  claim(userId: UserId, id: string, runner: string): Promise<ImportRun | "busy" | null> {
    return transaction(async (sql) => {
      await takeTurns(sql, userId);
      const [found] = await sql<Claimed>`
        SELECT mapping, coalesce("consentStatement", '') AS "consentStatement", positions, "totalRows",
          "createdCount" + "updatedCount" + "unchangedCount" + "skippedCount" + "rejectedCount" + "duplicateCount" AS done,
          (SELECT "subscriptionTier" FROM users WHERE id = ${userId}) AS tier,
          (SELECT count(*)::int FROM contacts WHERE "userId" = ${userId} AND "deletedAt" IS NULL) AS contacts,
          EXISTS (
            SELECT FROM imports WHERE "userId" = ${userId} AND "runnerUntil" > now()
              AND status IN ('processing', 'undoing') AND (id <> ${id} OR runner <> ${runner})
          ) AS "isBusy"
        FROM imports WHERE "userId" = ${userId} AND id = ${id} AND status = 'processing' FOR UPDATE`;
      if (!found) return null;
      if (found.isBusy) return "busy";
      const { consentStatement, totalRows, done, contacts, tier } = found;
      const positions =
        found.positions.length > 0 ? found.positions : totalRows < ROWS_FOR_TWO_PARTS ? [0] : [0, 0];
      await sql`
        UPDATE imports SET runner = ${runner}, "runnerUntil" = now() + make_interval(secs => ${LEASE_SECONDS}),
          positions = ${positions}, "updatedAt" = now()
        WHERE "userId" = ${userId} AND id = ${id}`;
      const options = importOptionsSchema.parse(found.mapping);
      await rememberFields(sql, userId, Object.values(options.mapping.custom));
      const isTight = contacts + totalRows - done + SPARE_ROOM > tierLimits[tier].contacts;
      return { runner, options, consentStatement, positions, tier, isTight };
    });
  },

  /** False when the import is no longer this runner's. */
  async renew(userId: UserId, id: string, runner: string): Promise<boolean> {
    const renewed = await sql`
      UPDATE imports SET "runnerUntil" = now() + make_interval(secs => ${LEASE_SECONDS}), "updatedAt" = now()
      WHERE "userId" = ${userId} AND id = ${id} AND runner = ${runner} AND status = 'processing' RETURNING id`;
    return renewed.length === 1;
  },

  /** Lets another process take over at once. */
  async release(userId: UserId, id: string, runner: string): Promise<void> {
    await sql`
      UPDATE imports SET "runnerUntil" = NULL, "updatedAt" = now()
      WHERE "userId" = ${userId} AND id = ${id} AND runner = ${runner}`;
  },

  /**
   * Writes the rows after `part.position` and counts them, all or nothing: whoever takes over goes on where the counters
   * stand. False when this runner lost the import.
   */
  async write(userId: UserId, id: string, run: ImportRun, part: Part, batch: Batch): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await writeOnce(userId, id, run, part, batch);
      } catch (error) {
        if (error instanceof LostError) return false;
        if (!isLockedOut(error) || attempt >= MAX_ATTEMPTS) throw error;
      }
    }
  },

  /** After many new people PostgreSQL's statistics are made anew: they may not know the account until autovacuum comes. */
  async complete(userId: UserId, id: string, runner: string): Promise<void> {
    const [completed] = await sql<{ created: number }>`
      UPDATE imports SET status = 'completed', "completedAt" = now(), "updatedAt" = now(), "runnerUntil" = NULL,
        "totalRows" = "createdCount" + "updatedCount" + "unchangedCount" + "skippedCount" + "rejectedCount" + "duplicateCount"
      WHERE "userId" = ${userId} AND id = ${id} AND status = 'processing' AND runner = ${runner}
      RETURNING "createdCount" AS created`;
    if (completed && completed.created >= ANALYZED_FROM) await sql`ANALYZE contacts`;
  },

  /** What was written so far stays. */
  async fail(userId: UserId, id: string, errorMessage: string): Promise<void> {
    await sql`
      UPDATE imports SET status = 'failed', "errorMessage" = ${errorMessage}, "completedAt" = now(),
        "updatedAt" = now(), "runnerUntil" = NULL
      WHERE "userId" = ${userId} AND id = ${id} AND status = 'processing'`;
  },

  /** Being processed, but whoever did it shows no sign of life, or nobody has begun for two minutes. */
  findStalledOfAllTenants(): Promise<{ userId: UserId; importId: string }[]> {
    return sql`
      SELECT "userId", id AS "importId" FROM imports
      WHERE status = 'processing' AND ("runnerUntil" < now() OR "runnerUntil" IS NULL AND "updatedAt" < now() - interval '2 minutes')`;
  },
};

type Claimed = Pick<ImportRun, "consentStatement" | "positions" | "tier"> & {
  mapping: unknown;
  totalRows: number;
  done: number;
  contacts: number;
  isBusy: boolean;
};

const MAX_ATTEMPTS = 5;

/** New people. */
const ANALYZED_FROM = 5000;

/** A deadlock with something else that changes these people. */
const isLockedOut = (error: unknown) => error instanceof Error && "code" in error && error.code === "40P01";

class LostError extends Error {}

/** Whatever of an account must not happen at once waits here for the transaction before it. */
export async function takeTurns(sql: Sql, userId: UserId): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('imports:' || ${userId}, 0))`;
}

function writeOnce(userId: UserId, id: string, run: ImportRun, part: Part, batch: Batch): Promise<boolean> {
  return transaction(async (sql, client) => {
    await stage(client, batch.contacts);
    const withoutRoom = run.isTight ? await refuseSurplus(sql, userId, batch.contacts.count) : [];
    const reason = noRoom(run.tier);
    for (const line of withoutRoom) {
      const cells = batch.cells.get(line) ?? [];
      batch.rejections.add(rejectionLine(userId, id, { line, reason, cells, isDuplicate: false }));
    }
    await copyInto(client, `import_rejections ${rejectionColumns}`, batch.rejections);

    const staged = batch.contacts.count - withoutRoom.length;
    const created = staged > 0 ? await insertNew(sql, userId, id, run) : 0;
    if (created > 0) await heedSuppressions(sql, userId, id);
    const known = staged - created;
    const isSkipping = run.options.existing === "skip";
    const updated = known > 0 && !isSkipping ? await updateKnown(sql, userId, id, run) : 0;
    await count(sql, userId, id, run, part, batch, {
      created,
      updated,
      unchanged: isSkipping ? 0 : known - updated,
      skipped: isSkipping ? known : 0,
      rejected: batch.rejectedCount + withoutRoom.length,
    });
    return true;
  });
}

async function stage(client: PoolClient, lines: CopyLines): Promise<void> {
  await client.query(`CREATE TEMP TABLE staging (line int, phone text, name text, email text, tags text[],
    metadata jsonb, agreed boolean) ON COMMIT DROP`);
  await copyInto(client, `staging ${contactColumns}`, lines);
}

/**
 * Nobody among the contacts has the number. OFFSET 0 makes PostgreSQL look each number up: it would rather read all contacts
 * of the account for every batch.
 */
const isNew = (userId: UserId) => part`NOT EXISTS (
  SELECT FROM contacts WHERE "userId" = ${unseen(userId)} AND contacts.phone = staging.phone OFFSET 0)`;

/** Otherwise the statements after this read all contacts of the account or the import for every batch, as for `isNew`. */
async function lookUpEach(sql: Sql): Promise<void> {
  await sql`SET LOCAL enable_hashjoin = off`;
  await sql`SET LOCAL enable_mergejoin = off`;
}

/** Takes the new people for whom the plan has no room out again, the last of the file first; returns their lines. */
async function refuseSurplus(sql: Sql, userId: UserId, staged: number): Promise<number[]> {
  const { contacts, tier } = await waitForRoom(sql, userId, staged);
  const room = Math.max(0, tierLimits[tier].contacts - contacts);
  const refused = await sql<{ line: number }>`
    DELETE FROM staging WHERE line IN (
      SELECT line FROM staging WHERE ${isNew(userId)} ORDER BY line OFFSET ${room})
    RETURNING line`;
  return refused.map(({ line }) => line);
}

/**
 * Returns how many people were not here. Sorted, because neighbours in an index are cheap and because imports at the
 * same time then wait for each other in one order. Those who are here are left out before an id is made for them; whoever
 * came in between is found by the conflict.
 */
async function insertNew(
  sql: Sql,
  userId: UserId,
  importId: string,
  { consentStatement }: ImportRun,
): Promise<number> {
  const [counted] = await sql<{ created: number }>`
    WITH input AS MATERIALIZED (
      SELECT * FROM staging WHERE ${isNew(userId)} ORDER BY phone COLLATE "C"
    ), created AS (
      INSERT INTO contacts ("userId", phone, name, email, tags, metadata, "optInSource", "importId",
        "optedIn", "optedInAt")
      SELECT ${userId}, phone, name, email, tags, metadata, 'csv', ${importId}, agreed, CASE WHEN agreed THEN now() END
      FROM input
      ON CONFLICT ("userId", phone) DO NOTHING
      RETURNING id, phone, "optedIn"
    ), recorded AS (
      INSERT INTO consent_events ("userId", "contactId", action, source, wording, "importId", "fileRow", actor)
      SELECT ${userId}, id, 'opt_in', 'csv', ${consentStatement}, ${importId}, line, ${userId}
      FROM created JOIN staging USING (phone)
      WHERE "optedIn"
    )
    SELECT count(*)::int AS created FROM created`;
  return counted?.created ?? 0;
}

/**
 * Opts those out who were just added and whose number is suppressed. A statement of its own, because the insert may have
 * waited for a deletion and does not see what that left. Whether the account has any suppression is asked first, so that
 * most accounts need no hash per row; for the others each row is looked up, as for `isNew`.
 */
async function heedSuppressions(sql: Sql, userId: UserId, importId: string): Promise<void> {
  await lookUpEach(sql);
  await sql`
    WITH suppressed AS MATERIALIZED (
      SELECT line, contact.id, "createdAt"
      FROM staging CROSS JOIN LATERAL (
        SELECT "createdAt" FROM suppressions
        WHERE "userId" = ${userId} AND "phoneHash" = suppression_hash(${userId}, staging.phone) OFFSET 0
      ) AS suppression CROSS JOIN LATERAL (
        SELECT id, "importId" FROM contacts WHERE "userId" = ${unseen(userId)} AND phone = staging.phone OFFSET 0
      ) AS contact
      WHERE contact."importId" = ${importId} AND (SELECT EXISTS (SELECT FROM suppressions WHERE "userId" = ${userId}))
    ), kept AS (
      UPDATE contacts SET "optedIn" = false, "optedInAt" = NULL, "optedOutAt" = suppressed."createdAt"
      FROM suppressed
      WHERE contacts."userId" = ${unseen(userId)} AND contacts.id = suppressed.id
      RETURNING contacts.id, line
    ), withdrawn AS (
      DELETE FROM consent_events WHERE "userId" = ${userId} AND "contactId" = ANY(ARRAY(SELECT id FROM kept))
    )
    INSERT INTO consent_events ("userId", "contactId", action, source, wording, "importId", "fileRow", actor)
    SELECT ${userId}, id, 'opt_out', 'csv', 'This number had opted out before. The file does not change that.',
      ${importId}, line, ${userId}
    FROM kept`;
}

/**
 * Empty cells erase nothing, tags are only added, and nobody who opted out is opted in. Only people who change are
 * locked, and in the order of their numbers; after waiting for a lock PostgreSQL works everything out anew. What was
 * there before is kept for undoing. Returns how many people changed.
 */
async function updateKnown(
  sql: Sql,
  userId: UserId,
  importId: string,
  { options, consentStatement }: ImportRun,
): Promise<number> {
  const overwrites = options.existing === "overwrite";
  await lookUpEach(sql);
  const [counted] = await sql<{ changed: number }>`
    WITH known AS (
      SELECT contact.id, contact.name, contact.email, contact.tags, contact.metadata, contact."optedIn",
        contact."optedInAt", contact."optInSource", contact."updatedAt", input.line, wanted.*
      FROM staging AS input
      JOIN contacts AS contact ON contact."userId" = ${unseen(userId)} AND contact.phone = input.phone
        AND contact."importId" IS DISTINCT FROM ${importId}
      CROSS JOIN LATERAL (SELECT
        CASE WHEN ${overwrites} THEN coalesce(input.name, contact.name) ELSE coalesce(contact.name, input.name) END AS "newName",
        CASE WHEN ${overwrites} THEN coalesce(input.email, contact.email) ELSE coalesce(contact.email, input.email) END AS "newEmail",
        CASE WHEN contact.tags @> input.tags THEN contact.tags ELSE contact.tags || ARRAY(
          SELECT tag FROM unnest(input.tags) WITH ORDINALITY AS added (tag, position)
          WHERE NOT EXISTS (SELECT FROM unnest(contact.tags) AS present WHERE lower(present) = lower(tag))
          ORDER BY position
        ) END AS "newTags",
        CASE WHEN ${overwrites} THEN contact.metadata || input.metadata ELSE input.metadata || contact.metadata END AS "newMetadata",
        input.agreed AND NOT contact."optedIn" AND contact."optedOutAt" IS NULL AND NOT EXISTS (
          SELECT FROM suppressions
          WHERE "userId" = ${userId} AND "phoneHash" = suppression_hash(${userId}, input.phone)
        ) AS "optsIn"
      ) AS wanted
      WHERE wanted."optsIn" OR (contact.name, contact.email, contact.tags, contact.metadata)
        IS DISTINCT FROM (wanted."newName", wanted."newEmail", wanted."newTags", wanted."newMetadata")
      ORDER BY contact.phone COLLATE "C"
      FOR NO KEY UPDATE OF contact
    ), changed AS (
      UPDATE contacts SET name = "newName", email = "newEmail", tags = "newTags", metadata = "newMetadata",
        "optedIn" = contacts."optedIn" OR "optsIn",
        "optedInAt" = CASE WHEN "optsIn" THEN now() ELSE contacts."optedInAt" END,
        "optInSource" = CASE WHEN "optsIn" THEN 'csv' ELSE contacts."optInSource" END,
        "updatedAt" = now()
      FROM known
      WHERE contacts."userId" = ${unseen(userId)} AND contacts.id = known.id
      RETURNING contacts.id
    ), remembered AS (
      INSERT INTO import_changes ("userId", "importId", "contactId", line, before)
      SELECT ${userId}, ${importId}, id, line, jsonb_build_object('name', name, 'email', email, 'tags', tags,
        'metadata', metadata, 'optedIn', "optedIn", 'optedInAt', "optedInAt", 'optInSource', "optInSource",
        'updatedAt', "updatedAt")
      FROM known
      ON CONFLICT ("importId", "contactId") DO NOTHING
    ), recorded AS (
      INSERT INTO consent_events ("userId", "contactId", action, source, wording, "importId", "fileRow", actor)
      SELECT ${userId}, id, 'opt_in', 'csv', ${consentStatement}, ${importId}, line, ${userId}
      FROM known WHERE "optsIn"
    )
    SELECT count(*)::int AS changed FROM changed`;
  return counted?.changed ?? 0;
}

/** The last statement of a batch, because the parts of an import wait for each other here. */
async function count(
  sql: Sql,
  userId: UserId,
  id: string,
  { runner }: ImportRun,
  { index, position }: Part,
  { upTo, duplicateCount }: Batch,
  { created, updated, unchanged, skipped, rejected }: Counts,
): Promise<void> {
  const counted = await sql`
    UPDATE imports SET
      "createdCount" = "createdCount" + ${created},
      "updatedCount" = "updatedCount" + ${updated},
      "unchangedCount" = "unchangedCount" + ${unchanged},
      "skippedCount" = "skippedCount" + ${skipped},
      "rejectedCount" = "rejectedCount" + ${rejected},
      "duplicateCount" = "duplicateCount" + ${duplicateCount},
      positions[${index + 1}::int] = ${upTo},
      "runnerUntil" = now() + make_interval(secs => ${LEASE_SECONDS}), "updatedAt" = now()
    WHERE "userId" = ${userId} AND id = ${id} AND status = 'processing' AND runner = ${runner}
      AND positions[${index + 1}::int] = ${position}
    RETURNING id`;
  if (counted.length === 0) throw new LostError("Another process took over");
}
