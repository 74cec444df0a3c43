import { rememberFields } from "@/lib/contact-fields/repository";
import { type Part, part, type Sql, sql, transaction } from "@/lib/db";
import { unseen } from "@/lib/db/unseen";
import { LEASE_SECONDS, takeTurns } from "@/lib/import-runs/repository";
import { KEPT_DAYS } from "@/lib/imports/schema";
import type { UserId } from "@/lib/tenant";

const BATCH_SIZE = 2_000;
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** How many people an undo would take back or leave alone. */
export type UndoCheck = {
  created: number;
  changed: number;
  /** Of both. */
  kept: number;
};

export type UndoBatch = {
  /** Of the last person that was looked at; null when there is nobody left. */
  last: string | null;
};

/** Whether a person's consent was changed otherwise than by this import, or by one that is undone itself. */
const consentSince = (userId: UserId, importId: string, since: Part) => part`EXISTS (
  SELECT FROM consent_events AS event WHERE event."userId" = ${userId} AND event."contactId" = contact.id
    AND event."importId" IS DISTINCT FROM ${importId} AND event."createdAt" >= ${since}
    AND NOT EXISTS (SELECT FROM imports AS undone
      WHERE undone."userId" = ${userId} AND undone.id = event."importId" AND undone.status = 'undone'))`;

/** Why a person whom the import created is not removed. Alias `contact`; null when nothing has happened since. */
const createdSince = (userId: UserId, importId: string) => part`CASE
  WHEN contact."lastInboundAt" IS NOT NULL
    OR EXISTS (SELECT FROM messages WHERE messages."contactId" = contact.id) THEN 'messages'
  WHEN ${consentSince(userId, importId, part`'-infinity'`)} THEN 'consent'
  WHEN EXISTS (SELECT FROM import_changes AS other WHERE other."userId" = ${userId} AND other."contactId" = contact.id
    AND other."importId" <> ${importId}) THEN 'import'
  WHEN contact."updatedAt" > contact."createdAt" THEN 'edited'
END`;

/**
 * Why a person whom the import changed is not restored. Aliases `contact` and `change`. Whoever has opted out since stays
 * out whatever the clocks say: an opt-out that waited for the import is as old as when it began to wait.
 */
const changedSince = (userId: UserId, importId: string) => part`CASE
  WHEN EXISTS (SELECT FROM messages WHERE messages."contactId" = contact.id
    AND messages."createdAt" >= change."createdAt") THEN 'messages'
  WHEN (change.before ->> 'optedIn')::boolean AND NOT contact."optedIn"
    OR ${consentSince(userId, importId, part`change."createdAt"`)} THEN 'consent'
  WHEN EXISTS (SELECT FROM import_changes AS other WHERE other."userId" = ${userId} AND other."contactId" = contact.id
    AND other."importId" <> ${importId} AND other."createdAt" >= change."createdAt") THEN 'import'
  WHEN contact."updatedAt" > change."createdAt" THEN 'edited'
END`;

export const importUndoRepository = {
  async check(userId: UserId, id: string): Promise<UndoCheck> {
    const [created, changed] = await Promise.all([
      sql<{ count: number; kept: number }>`
        SELECT count(*)::int AS count, count(why)::int AS kept FROM (
          SELECT ${createdSince(userId, id)} AS why FROM contacts AS contact
          WHERE contact."userId" = ${userId} AND contact."importId" = ${id}
        ) AS judged`,
      sql<{ count: number; kept: number }>`
        SELECT count(*)::int AS count, count(why)::int AS kept FROM (
          SELECT ${changedSince(userId, id)} AS why FROM import_changes AS change
          JOIN contacts AS contact ON contact."userId" = ${unseen(userId)} AND contact.id = change."contactId"
          WHERE change."userId" = ${userId} AND change."importId" = ${id} AND change.before IS NOT NULL
        ) AS judged`,
    ]);
    const [{ count: ofCreated = 0, kept: keptCreated = 0 } = {}] = created;
    const [{ count: ofChanged = 0, kept: keptChanged = 0 } = {}] = changed;
    const kept = keptCreated + keptChanged;
    return { created: ofCreated - keptCreated, changed: ofChanged - keptChanged, kept };
  },

  /** True for exactly one caller, for an import that has ended within the last 30 days. */
  async start(userId: UserId, id: string): Promise<boolean> {
    const started = await sql`
      UPDATE imports SET status = 'undoing', "updatedAt" = now()
      WHERE "userId" = ${userId} AND id = ${id} AND status IN ('completed', 'failed')
        AND "completedAt" > now() - make_interval(days => ${KEPT_DAYS})
      RETURNING id`;
    return started.length === 1;
  },

  /** Takes an import that is to be undone; an account's imports and undos run one after the other. */
  claim(userId: UserId, id: string, runner: string): Promise<"mine" | "busy" | null> {
    return transaction(async (sql) => {
      await takeTurns(sql, userId);
      const [found] = await sql<{ isBusy: boolean }>`
        SELECT EXISTS (
          SELECT FROM imports WHERE "userId" = ${userId} AND "runnerUntil" > now()
            AND status IN ('processing', 'undoing') AND (id <> ${id} OR runner <> ${runner})
        ) AS "isBusy"
        FROM imports WHERE "userId" = ${userId} AND id = ${id} AND status = 'undoing'`;
      if (!found) return null;
      if (found.isBusy) return "busy";
      await renew(sql, userId, id, runner);
      return "mine";
    });
  },

  /**
   * Removes the next people whom the import created, with their consent, but leaves those alone who were used since. Locks
   * first and judges in a second statement, which sees what came while it waited.
   */
  removeCreated(userId: UserId, id: string, runner: string, after: string | null): Promise<UndoBatch> {
    return transaction(async (sql) => {
      const page = await sql<{ id: string }>`
        SELECT id FROM contacts
        WHERE "userId" = ${userId} AND "importId" = ${id} AND id > ${after ?? NOBODY}
        ORDER BY id LIMIT ${BATCH_SIZE} FOR UPDATE`;
      const ids = page.map((contact) => contact.id);
      const [counted] = await sql<{ removed: number; kept: number }>`
        WITH judged AS MATERIALIZED (
          SELECT contact.id, ${createdSince(userId, id)} AS why FROM contacts AS contact
          WHERE contact."userId" = ${userId} AND contact.id = ANY(${ids}::uuid[])
        ), removed AS (
          DELETE FROM contacts USING judged
          WHERE contacts."userId" = ${unseen(userId)} AND contacts.id = judged.id AND judged.why IS NULL
          RETURNING contacts.id
        ), kept AS (
          INSERT INTO import_changes ("userId", "importId", "contactId", kept)
          SELECT ${userId}, ${id}, id, why FROM judged WHERE why IS NOT NULL
          ON CONFLICT ("importId", "contactId") DO NOTHING
          RETURNING 1
        )
        SELECT (SELECT count(*)::int FROM removed) AS removed, (SELECT count(*)::int FROM kept) AS kept`;
      await renew(sql, userId, id, runner, { removed: counted?.removed ?? 0, kept: counted?.kept ?? 0 });
      return { last: ids.at(-1) ?? null };
    });
  },

  /**
   * Gives the next people back what they had before the import changed them, but leaves those alone who were used since.
   * Whom the import opted in is as before; the ledger keeps the agreement and says that it no longer counts. They count as
   * edited when they were before, so that an older import can be undone after a newer one.
   */
  restoreChanged(userId: UserId, id: string, runner: string, after: string | null): Promise<UndoBatch> {
    return transaction(async (sql) => {
      const page = await sql<{ id: string }>`
        SELECT contact.id FROM import_changes AS change
        JOIN contacts AS contact ON contact."userId" = ${unseen(userId)} AND contact.id = change."contactId"
        WHERE change."userId" = ${userId} AND change."importId" = ${id} AND change.before IS NOT NULL
          AND change.kept IS NULL AND contact.id > ${after ?? NOBODY}
        ORDER BY contact.id LIMIT ${BATCH_SIZE} FOR UPDATE`;
      const ids = page.map((contact) => contact.id);
      const fields = await sql<{ name: string }>`
        SELECT DISTINCT jsonb_object_keys(before -> 'metadata') AS name FROM import_changes
        WHERE "userId" = ${userId} AND "importId" = ${id} AND "contactId" = ANY(${ids}::uuid[]) AND before IS NOT NULL`;
      const [counted] = await sql<{ restored: number; kept: number }>`
        WITH judged AS MATERIALIZED (
          SELECT contact.id, change.before, contact."optedIn" AND NOT (change.before ->> 'optedIn')::boolean AS "isOptedBack",
            ${changedSince(userId, id)} AS why
          FROM import_changes AS change
          JOIN contacts AS contact ON contact."userId" = ${unseen(userId)} AND contact.id = change."contactId"
          WHERE change."userId" = ${userId} AND change."importId" = ${id} AND contact.id = ANY(${ids}::uuid[])
        ), restored AS (
          UPDATE contacts SET name = before ->> 'name', email = before ->> 'email', metadata = before -> 'metadata',
            tags = ARRAY(SELECT jsonb_array_elements_text(before -> 'tags')),
            "optedIn" = (before ->> 'optedIn')::boolean, "optedInAt" = (before ->> 'optedInAt')::timestamptz,
            "optInSource" = (before ->> 'optInSource')::"OptInSource",
            "updatedAt" = coalesce((before ->> 'updatedAt')::timestamptz, now())
          FROM judged
          WHERE contacts."userId" = ${unseen(userId)} AND contacts.id = judged.id AND judged.why IS NULL
          RETURNING contacts.id
        ), done AS (
          DELETE FROM import_changes USING judged
          WHERE "userId" = ${userId} AND "importId" = ${id} AND "contactId" = judged.id AND judged.why IS NULL
        ), kept AS (
          UPDATE import_changes SET kept = judged.why FROM judged
          WHERE "userId" = ${userId} AND "importId" = ${id} AND "contactId" = judged.id AND judged.why IS NOT NULL
          RETURNING 1
        ), recorded AS (
          INSERT INTO consent_events ("userId", "contactId", action, source, wording, "importId", actor)
          SELECT ${userId}, id, 'opt_out', 'csv', ${withdrawn}, ${id}, ${userId}
          FROM judged WHERE why IS NULL AND "isOptedBack"
        )
        SELECT (SELECT count(*)::int FROM restored) AS restored, (SELECT count(*)::int FROM kept) AS kept`;
      await rememberFields(
        sql,
        userId,
        fields.map(({ name }) => name),
      );
      await renew(sql, userId, id, runner, { restored: counted?.restored ?? 0, kept: counted?.kept ?? 0 });
      return { last: ids.at(-1) ?? null };
    });
  },

  async finish(userId: UserId, id: string, runner: string): Promise<void> {
    await sql`
      UPDATE imports SET status = 'undone', "undoneAt" = now(), "updatedAt" = now(), "runnerUntil" = NULL
      WHERE "userId" = ${userId} AND id = ${id} AND status = 'undoing' AND runner = ${runner}`;
  },

  /** Being undone, but whoever did it shows no sign of life, or nobody has begun for two minutes. */
  findStalledOfAllTenants(): Promise<{ userId: UserId; importId: string }[]> {
    return sql`
      SELECT "userId", id AS "importId" FROM imports
      WHERE status = 'undoing' AND ("runnerUntil" < now() OR "runnerUntil" IS NULL AND "updatedAt" < now() - interval '2 minutes')`;
  },
};

const withdrawn =
  "The import that recorded an agreement was undone. Nobody said stop: the agreement no longer counts.";

/** Counts what a batch did and keeps the lease; throws, and takes the batch back, when another process has it. */
async function renew(
  sql: Sql,
  userId: UserId,
  id: string,
  runner: string,
  { removed = 0, restored = 0, kept = 0 } = {},
): Promise<void> {
  const renewed = await sql`
    UPDATE imports SET runner = ${runner}, "runnerUntil" = now() + make_interval(secs => ${LEASE_SECONDS}),
      "removedCount" = "removedCount" + ${removed}, "restoredCount" = "restoredCount" + ${restored},
      "keptCount" = "keptCount" + ${kept}, "updatedAt" = now()
    WHERE "userId" = ${userId} AND id = ${id} AND status = 'undoing'
      AND (runner = ${runner} OR "runnerUntil" IS NULL OR "runnerUntil" < now())
    RETURNING id`;
  if (renewed.length === 0) throw new Error("Another process undoes this import");
}
