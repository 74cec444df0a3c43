import { suppress, suppressAll } from "@/lib/consent/repository";
import { foreignDigits } from "@/lib/contacts/phone";
import { part, type Sql, sql, transaction } from "@/lib/db";
import { arrayOf } from "@/lib/db/array";
import { conflict, notFound } from "@/lib/errors";
import type { Traces } from "@/lib/personal-data/traces";
import type { UserId } from "@/lib/tenant";

/** Read at once, so that nothing is held for long and nobody waits. */
const EVENTS_AT_ONCE = 5_000;
const ROWS_AT_ONCE = 20_000;
const PEOPLE_AT_ONCE = 2_000;
/** Of a cell of a file. */
const LOOKED_AT = 1_000;

/** How a person is found in what was kept of files and webhooks. */
export type Whereabouts = { phone: string | null; email: string | null; traces: Traces };

export type RawEvent = { id: string; eventType: string; receivedAt: Date; payload: unknown };
export type KeptRow = {
  importId: string;
  line: number;
  fileName: string;
  reason: string;
  cells: string[];
  defaultCountry: string | null;
};

export const personalDataRepository = {
  /** Everything that is stored about a person under their own entry, as it is stored. */
  async collect(userId: UserId, contactId: string): Promise<Record<string, unknown>> {
    const [row] = await sql<{ data: Record<string, unknown> }>`
      SELECT jsonb_build_object(
        'contact', to_jsonb(contact) - 'userId' - 'deletedAt',
        'isSuppressed', EXISTS (
          SELECT FROM suppressions
          WHERE "userId" = ${userId} AND "phoneHash" = suppression_hash(${userId}, contact.phone)),
        'import', (
          SELECT jsonb_build_object('fileName', "fileName", 'createdAt', "createdAt") FROM imports
          WHERE "userId" = ${userId} AND id = contact."importId"),
        'changesByImports', coalesce((
          SELECT jsonb_agg(to_jsonb(change) - 'userId' - 'contactId' || jsonb_build_object('fileName', file."fileName")
            ORDER BY change."createdAt")
          FROM import_changes change JOIN imports file ON file."userId" = ${userId} AND file.id = change."importId"
          WHERE change."userId" = ${userId} AND change."contactId" = contact.id), '[]'),
        'consent', coalesce((
          SELECT jsonb_agg(to_jsonb(event) - 'userId' - 'contactId' || jsonb_build_object('fileName', file."fileName")
            ORDER BY event.id)
          FROM consent_events event
          LEFT JOIN imports file ON file."userId" = ${userId} AND file.id = event."importId"
          WHERE event."userId" = ${userId} AND event."contactId" = contact.id), '[]'),
        'conversation', (
          SELECT to_jsonb(conversation) - 'userId' - 'contactId' FROM conversations conversation
          WHERE conversation."userId" = ${userId} AND conversation."contactId" = contact.id),
        'messages', coalesce((
          SELECT jsonb_agg(to_jsonb(message) - 'userId' - 'contactId' || jsonb_build_object(
            'campaign', campaign.name, 'template', campaign."templateSnapshot") ORDER BY message.id)
          FROM messages message
          LEFT JOIN campaigns campaign ON campaign."userId" = ${userId} AND campaign.id = message."campaignId"
          WHERE message."userId" = ${userId} AND message."contactId" = contact.id), '[]')
      ) AS data
      FROM contacts contact
      WHERE contact."userId" = ${userId} AND contact.id = ${contactId} AND contact."deletedAt" IS NULL`;
    if (!row) throw notFound("Contact");
    return row.data;
  },

  async locate(userId: UserId, contactId: string): Promise<Whereabouts> {
    const [row] = await sql<Pick<Whereabouts, "phone" | "email"> & Traces>`
      SELECT phone, email, array_remove(ARRAY["waId", "waUserId", ltrim(phone, '+'), phone], NULL) AS names,
        ARRAY(SELECT "whatsappMessageId" FROM messages WHERE "userId" = ${userId} AND "contactId" = contact.id
          AND "whatsappMessageId" IS NOT NULL) AS "whatsappMessageIds",
        ARRAY(SELECT id::text FROM messages WHERE "userId" = ${userId} AND "contactId" = contact.id) AS "messageIds"
      FROM contacts contact
      WHERE "userId" = ${userId} AND id = ${contactId} AND "deletedAt" IS NULL`;
    if (!row) throw notFound("Contact");
    const { phone, email, ...traces } = row;
    return { phone, email, traces };
  },

  /**
   * The webhooks of an account behind `after` that name a person, a few thousand at a time are looked at. What a person's
   * ids do not lead to is found in the text, because WhatsApp puts many people into one call. Ends with the id of the
   * last event there is.
   */
  async *findEvents(
    userId: UserId,
    { names, messageIds }: Traces,
    after = "00000000-0000-0000-0000-000000000000",
  ): AsyncGenerator<RawEvent[], string> {
    const patterns = names.map((name) => `%"${name.replace(/[\\%_]/g, "\\$&")}"%`);
    for (let seen = after; ; ) {
      const rows = await sql<RawEvent & { isTheirs: boolean }>`
        WITH next AS MATERIALIZED (
          SELECT id, "eventType", "receivedAt", payload, payload::text LIKE ANY(${patterns}::text[])
            OR "messageId" = ANY(${messageIds}::uuid[]) AS "isTheirs"
          FROM webhook_events WHERE "userId" = ${userId} AND id > ${seen} ORDER BY id LIMIT ${EVENTS_AT_ONCE}
        ), last AS (
          SELECT id FROM next ORDER BY id DESC LIMIT 1
        )
        SELECT id, "eventType", "receivedAt", CASE WHEN "isTheirs" THEN payload END AS payload,
          coalesce("isTheirs", false) AS "isTheirs"
        FROM next WHERE "isTheirs" OR id IN (SELECT id FROM last) ORDER BY id`;
      const last = rows.at(-1);
      if (!last) return seen;
      yield rows.filter(({ isTheirs }) => isTheirs).map(({ isTheirs: _, ...event }) => event);
      seen = last.id;
    }
  },

  /** Puts what is left of webhooks in their place. */
  async replacePayloads(userId: UserId, events: { id: string; payload: unknown }[]): Promise<void> {
    if (events.length === 0) return;
    await sql`
      UPDATE webhook_events SET payload = changed.payload::jsonb
      FROM unnest(
        ${arrayOf(events.map(({ id }) => id))}::uuid[],
        ${arrayOf(events.map(({ payload }) => JSON.stringify(payload)))}::text[]
      ) AS changed (id, payload)
      WHERE webhook_events."userId" = ${userId} AND webhook_events.id = changed.id`;
  },

  /** Rows of files that were not imported and may be a person's: a cell has the end of their number in it, or is their address. */
  async *findKeptRows(userId: UserId, { phone, email }: Whereabouts): AsyncGenerator<KeptRow[]> {
    const ending = phone?.slice(-7) ?? null;
    let [importId, line] = ["00000000-0000-0000-0000-000000000000", 0];
    for (;;) {
      const rows = await sql<KeptRow & { isTheirs: boolean }>`
        WITH next AS MATERIALIZED (
          SELECT "importId", line, reason, cells, EXISTS (
            SELECT FROM unnest(cells) AS cell
            WHERE regexp_replace(translate(left(cell, ${LOOKED_AT}), ${foreignDigits.from}, ${foreignDigits.to}), '[^0-9]', '', 'g')
                LIKE '%' || ${ending}::text || '%'
              OR lower(btrim(cell)) = lower(${email}::text)
          ) AS "isTheirs"
          FROM import_rejections
          WHERE "userId" = ${userId} AND "importId" = ANY(ARRAY(SELECT id FROM imports WHERE "userId" = ${userId}))
            AND ("importId", line) > (${importId}::uuid, ${line}::int)
          ORDER BY "importId", line LIMIT ${ROWS_AT_ONCE}
        ), last AS (
          SELECT "importId", line FROM next ORDER BY "importId" DESC, line DESC LIMIT 1
        )
        SELECT next.*, file."fileName", file.mapping ->> 'defaultCountry' AS "defaultCountry"
        FROM next JOIN imports file ON file."userId" = ${userId} AND file.id = next."importId"
        WHERE "isTheirs" OR (next."importId", next.line) IN (SELECT "importId", line FROM last)
        ORDER BY next."importId", next.line`;
      const last = rows.at(-1);
      if (!last) return;
      yield rows.filter(({ isTheirs }) => isTheirs).map(({ isTheirs: _, ...row }) => row);
      [importId, line] = [last.importId, last.line];
    }
  },

  /**
   * WhatsApp's ids in the empty rows that deleted and joined entries have left: nothing else tells whose they were. A
   * message that is on its way is passed over.
   */
  async *findLeftIds(userId: UserId): AsyncGenerator<{ id: string; whatsappMessageId: string }[]> {
    let after = "00000000-0000-0000-0000-000000000000";
    for (;;) {
      const people = await sql<{ id: string }>`
        SELECT id FROM contacts WHERE "userId" = ${userId} AND "deletedAt" IS NOT NULL AND id > ${after}
        ORDER BY id LIMIT ${PEOPLE_AT_ONCE}`;
      const last = people.at(-1);
      if (!last) return;
      yield await sql<{ id: string; whatsappMessageId: string }>`
        SELECT id, "whatsappMessageId" FROM messages
        WHERE "userId" = ${userId} AND "contactId" = ANY(${people.map(({ id }) => id)}::uuid[])
          AND "whatsappMessageId" LIKE 'wamid.%' AND status <> 'sending'`;
      after = last.id;
    }
  },

  /** Of messages that were emptied before: what was written goes, what was sent is only counted. */
  async forgetMessages(userId: UserId, ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    await sql`
      DELETE FROM messages WHERE "userId" = ${userId} AND id = ANY(${ids}::uuid[]) AND direction = 'inbound'`;
    await sql`
      WITH theirs AS (
        SELECT id FROM messages WHERE "userId" = ${userId} AND id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE
      )
      UPDATE messages SET "whatsappMessageId" = 'erased:' || messages.id FROM theirs
      WHERE messages."userId" = ${userId} AND messages.id = theirs.id`;
  },

  /** Rows stay, empty, so that an import's counts still add up. */
  async blankRows(userId: UserId, rows: { importId: string; line: number }[]): Promise<void> {
    if (rows.length === 0) return;
    await sql`
      UPDATE import_rejections SET reason = 'The person was erased', cells = array_fill(''::text, ARRAY[cardinality(cells)])
      FROM unnest(${arrayOf(rows.map(({ importId }) => importId))}::uuid[], ${arrayOf(rows.map((row) => row.line))}::int[])
        AS theirs ("importId", line)
      WHERE import_rejections."userId" = ${userId} AND import_rejections."importId" = theirs."importId"
        AND import_rejections.line = theirs.line`;
  },

  /**
   * Deletes a person and what a deletion leaves: what they wrote, and WhatsApp's ids of messages, which have the number
   * in them. The hash of the number stays, whatever they had agreed to: an old file must not bring them back. A message
   * that is on its way is waited for, because its answer would be written down.
   */
  async erase(userId: UserId, contactId: string): Promise<void> {
    await transaction(async (sql) => {
      const [person] = await sql<{ phone: string | null; waId: string | null }>`
        SELECT phone, "waId" FROM contacts
        WHERE "userId" = ${userId} AND id = ${contactId} AND "deletedAt" IS NULL FOR UPDATE`;
      if (!person) throw notFound("Contact");
      const messages = await sql<{ status: string }>`
        SELECT status FROM messages WHERE "userId" = ${userId} AND "contactId" = ${contactId} ORDER BY id FOR UPDATE`;
      if (messages.some(({ status }) => status === "sending"))
        throw conflict("A message to this person is being sent this moment. Try again in a minute.");
      await suppress(sql, userId, person);
      await sql`
        DELETE FROM messages WHERE "userId" = ${userId} AND "contactId" = ${contactId} AND direction = 'inbound'`;
      await sql`
        UPDATE messages SET "whatsappMessageId" = 'erased:' || id
        WHERE "userId" = ${userId} AND "contactId" = ${contactId}`;
      await deletePeople(sql, userId, [contactId]);
    });
  },
};

/**
 * Deletes people, as far as they are there; returns how many were. Whoever took part in a campaign leaves an empty row
 * behind, so that its numbers stay true; whoever opted out or was blocked leaves the hash of the number, so that no import
 * opts them in again. What stays for a while, and why, is in docs/data-model.md.
 */
export async function deletePeople(sql: Sql, userId: UserId, ids: string[]): Promise<number> {
  // Waits for campaigns that are just adding them; only the next statements see what they added.
  const present = await sql`
    SELECT FROM contacts WHERE "userId" = ${userId} AND id = ANY(${ids}::uuid[]) AND "deletedAt" IS NULL
    ORDER BY id FOR UPDATE`;
  await suppressAll(sql, userId, ids, part`("optedOutAt" IS NOT NULL OR "isBlocked")`);
  await sql`
    DELETE FROM contacts contact WHERE "userId" = ${userId} AND id = ANY(${ids}::uuid[])
      AND NOT EXISTS (SELECT FROM messages WHERE "userId" = ${userId} AND "contactId" = contact.id)`;
  // In the order in which whatever applies reports locks them; what is emptied must not be claimed any more.
  await sql`
    WITH theirs AS (
      SELECT id, status = 'queued' AS "isQueued" FROM messages
      WHERE "userId" = ${userId} AND "contactId" = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE
    )
    UPDATE messages SET content = '{}', metadata = '{}', "updatedAt" = now(),
      status = CASE WHEN theirs."isQueued" THEN 'skipped' ELSE messages.status END,
      "notBefore" = CASE WHEN NOT theirs."isQueued" THEN "notBefore" END,
      "errorMessage" = CASE WHEN theirs."isQueued" THEN 'Deleted before the message was sent' ELSE "errorMessage" END
    FROM theirs WHERE messages."userId" = ${userId} AND messages.id = theirs.id`;
  await sql`DELETE FROM consent_events WHERE "userId" = ${userId} AND "contactId" = ANY(${ids}::uuid[])`;
  await sql`DELETE FROM import_changes WHERE "userId" = ${userId} AND "contactId" = ANY(${ids}::uuid[])`;
  await sql`DELETE FROM conversations WHERE "userId" = ${userId} AND "contactId" = ANY(${ids}::uuid[])`;
  await sql`
    UPDATE contacts SET phone = NULL, "waId" = NULL, "waUserId" = NULL, name = NULL, email = NULL, tags = '{}',
      metadata = '{}', "optedIn" = false, "optedInAt" = NULL, "optedOutAt" = NULL, "isBlocked" = false,
      "blockedReason" = NULL, "lastInboundAt" = NULL, "importId" = NULL, "deletedAt" = now(), "updatedAt" = now()
    WHERE "userId" = ${userId} AND id = ANY(${ids}::uuid[]) AND "deletedAt" IS NULL`;
  return present.length;
}
