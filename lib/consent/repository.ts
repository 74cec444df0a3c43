import type { ConsentEvent } from "@/lib/consent/evidence";
import { isLiftable, liftableSources } from "@/lib/consent/sources";
import { type Part, part, type Sql, sql, transaction } from "@/lib/db";
import type { ConsentSource, Contact, OptInSource } from "@/lib/db/generated/client";
import { invalid, notFound } from "@/lib/errors";
import type { UserId } from "@/lib/tenant";

/** How a person agreed: `agreedOn` is a day (yyyy-mm-dd) of the account's time zone, and now when it is not given. */
export type Agreement = { wording: string; agreedOn?: string | undefined; actor?: string | undefined };

export type ConsentChange = Omit<Agreement, "wording"> & {
  action: "opt_in" | "opt_out";
  source: ConsentSource;
  /** What the person agreed to, or what they wrote. */
  wording?: string | undefined;
  /** When the person said so, by WhatsApp's clock: what was said later stands, whichever comes first. */
  at?: Date | null | undefined;
};

export const consentRepository = {
  /** The ledger of a person, the newest entry first. */
  list(userId: UserId, contactId: string, limit: number | null = null) {
    return sql<ConsentEvent & { occurredAt: Date | null; createdAt: Date }>`
      SELECT event.id, event.action, event.source, event.wording, event."importId", file."fileName", event."fileRow",
        account.email AS actor, event."occurredAt", event."createdAt"
      FROM consent_events event
      LEFT JOIN imports file ON file."userId" = ${userId} AND file.id = event."importId"
      LEFT JOIN users account ON account.id = ${userId} AND account.id::text = event.actor
      WHERE event."userId" = ${userId} AND event."contactId" = ${contactId}
      ORDER BY event.id DESC LIMIT ${limit}`;
  },

  /**
   * Changes what a person agreed to and records it; true when that changed anything. An opt-out also suppresses the
   * number and takes the person out of every queue. Whoever had opted out comes back only with the wording of a new
   * agreement, which lifts the suppression.
   */
  set(userId: UserId, contactId: string, change: ConsentChange): Promise<boolean> {
    return transaction(async (sql) => {
      const contact = await lockContact(sql, userId, contactId);
      if (change.action === "opt_out") return optOut(sql, userId, contact, change);
      if (contact.isDeleted) throw notFound("Contact");
      return optIn(sql, userId, contact, change);
    });
  },

  /**
   * A word such as START brings back who had opted out, and confirms who is opted in. From whoever was never asked it is
   * no agreement. True when it changed anything.
   */
  optInAgain(userId: UserId, contactId: string, change: Omit<ConsentChange, "action">): Promise<boolean> {
    return transaction(async (sql) => {
      const contact = await lockContact(sql, userId, contactId);
      if (contact.isDeleted || (!contact.optedIn && !contact.optedOutAt)) return false;
      return optIn(sql, userId, contact, { ...change, action: "opt_in" });
    });
  },

  /**
   * Gives back the agreement that a stop in WhatsApp's own settings took away. Nothing that the person wrote or told the
   * business is lifted, and who had never agreed has not agreed now. True when it changed anything.
   */
  resume(userId: UserId, contactId: string, { at, wording }: Pick<ConsentChange, "at" | "wording">) {
    return transaction(async (sql) => {
      const contact = await lockContact(sql, userId, contactId);
      const isOut = !contact.optedIn && contact.optedOutAt && contact.optedInAt;
      if (contact.isDeleted || !isOut || !(await isOutByWhatsAppAlone(sql, userId, contactId))) return false;
      // The agreement is as old as it was: a word written after it and before now still stands.
      const resumed = await sql`
        UPDATE contacts SET "optedIn" = true, "optedOutAt" = NULL, "updatedAt" = now()
        WHERE "userId" = ${userId} AND id = ${contactId} AND "optedOutAt" < ${instantOf(at)} RETURNING id`;
      if (resumed.length === 0) return false;
      await liftSuppression(sql, userId, contact);
      await recordConsent(sql, userId, contactId, {
        ...{ action: "opt_in", source: "whatsapp_settings", at, wording },
      });
      return true;
    });
  },
};

type Locked = Pick<
  Contact,
  "id" | "phone" | "waId" | "name" | "email" | "tags" | "optedIn" | "optedInAt" | "optedOutAt" | "isBlocked"
> & { metadata: Record<string, string>; isDeleted: boolean };

/** Nobody else changes this person until the transaction ends. Adding them to a campaign goes on beside it. */
export async function lockContact(sql: Sql, userId: UserId, id: string): Promise<Locked> {
  const [contact] = await sql<Locked>`
    SELECT id, phone, "waId", name, email, tags, metadata, "optedIn", "optedInAt", "optedOutAt", "isBlocked",
      "deletedAt" IS NOT NULL AS "isDeleted"
    FROM contacts WHERE "userId" = ${userId} AND id = ${id} FOR NO KEY UPDATE`;
  if (!contact) throw notFound("Contact");
  return contact;
}

/** The start of a day of the account, but never later than now. */
export async function momentOf(sql: Sql, userId: UserId, day: string | undefined): Promise<Date> {
  const [moment] = await sql<{ at: Date }>`
    SELECT least(now(), ${day ?? null}::date::timestamp AT TIME ZONE "timeZone") AS at
    FROM users WHERE id = ${userId}`;
  if (!moment) throw notFound("Account");
  return moment.at;
}

/** WhatsApp's clock may be ahead of ours; nothing was said in the future. */
const instantOf = (at: Date | null | undefined) => part`least(now(), ${at ?? null}::timestamptz)`;

export async function recordConsent(
  sql: Sql,
  userId: UserId,
  contactId: string,
  change: ConsentChange,
): Promise<void> {
  const { action, source, wording = null, actor = null, at = null } = change;
  await sql`
    INSERT INTO consent_events ("userId", "contactId", action, source, wording, actor, "occurredAt")
    VALUES (${userId}, ${contactId}, ${action}, ${source}, ${wording}, ${actor}, ${at})`;
}

/** WhatsApp may spell a number otherwise than we do (Mexico, Brazil, Argentina), and a file may have either. */
type Numbers = Pick<Contact, "phone" | "waId">;
const numbersOf = ({ phone, waId }: Numbers) => [phone, waId && `+${waId}`].filter(Boolean);

export async function suppress(sql: Sql, userId: UserId, person: Numbers): Promise<void> {
  await sql`
    INSERT INTO suppressions ("userId", "phoneHash")
    SELECT ${userId}, suppression_hash(${userId}, number) FROM unnest(${numbersOf(person)}::text[]) AS number
    ORDER BY 2 ON CONFLICT ("userId", "phoneHash") DO NOTHING`;
}

/** The same for many, as far as they meet a condition. */
export async function suppressAll(sql: Sql, userId: UserId, ids: string[], which: Part): Promise<void> {
  await sql`
    INSERT INTO suppressions ("userId", "phoneHash")
    SELECT ${userId}, suppression_hash(${userId}, number)
    FROM contacts, unnest(ARRAY[phone, '+' || nullif("waId", '')]) AS number
    WHERE "userId" = ${userId} AND id = ANY(${ids}::uuid[]) AND number IS NOT NULL AND ${which}
    ORDER BY 2 ON CONFLICT ("userId", "phoneHash") DO NOTHING`;
}

/**
 * Whether whoever had a number wants to hear nothing. For a statement of its own after the one that gave somebody the
 * number: that one may have waited for a deletion, and does not see what the deletion left.
 */
export async function isSuppressed(sql: Sql, userId: UserId, phone: string | null): Promise<boolean> {
  const found = await sql`
    SELECT FROM suppressions WHERE "userId" = ${userId} AND "phoneHash" = suppression_hash(${userId}, ${phone})`;
  return found.length > 0;
}

/** Opts those out of people just added whose number is suppressed; returns their ids. Asked after the insert, as above. */
export async function keepOut(sql: Sql, userId: UserId, contactIds: string[]): Promise<string[]> {
  const kept = await sql<{ id: string }>`
    UPDATE contacts SET "optedIn" = false, "optedInAt" = NULL, "optedOutAt" = suppression."createdAt"
    FROM suppressions suppression
    WHERE contacts."userId" = ${userId} AND contacts.id = ANY(${contactIds}::uuid[])
      AND suppression."userId" = ${userId}
      AND suppression."phoneHash" = suppression_hash(${userId}, contacts.phone)
    RETURNING contacts.id`;
  return kept.map(({ id }) => id);
}

async function liftSuppression(sql: Sql, userId: UserId, person: Numbers): Promise<boolean> {
  const lifted = await sql`
    DELETE FROM suppressions WHERE "userId" = ${userId} AND "phoneHash" IN (
      SELECT suppression_hash(${userId}, number) FROM unnest(${numbersOf(person)}::text[]) AS number)
    RETURNING id`;
  return lifted.length > 0;
}

/** Whether everything that keeps an opted-out person out was said in WhatsApp's own settings. */
export const outByWhatsAppAlone = (userId: UserId, contactId: Part): Part => part`coalesce((
  SELECT bool_and(source::text = ANY(${liftableSources})) FROM consent_events event
  WHERE event."userId" = ${userId} AND event."contactId" = ${contactId} AND action = 'opt_out' AND event.id > coalesce((
    SELECT latest.id FROM consent_events latest
    WHERE latest."userId" = ${userId} AND latest."contactId" = ${contactId} AND action = 'opt_in'
    ORDER BY latest.id DESC LIMIT 1
  ), '00000000-0000-0000-0000-000000000000')), false)`;

export async function isOutByWhatsAppAlone(sql: Sql, userId: UserId, contactId: string): Promise<boolean> {
  const [asked] = await sql<{ is: boolean }>`SELECT ${outByWhatsAppAlone(userId, part`${contactId}`)} AS is`;
  return asked?.is ?? false;
}

/** Who has opted out is in no queue any more. A message that is being sent this moment is not in one. */
export async function skipQueued(sql: Sql, userId: UserId, contactId: string): Promise<void> {
  await sql`
    WITH waiting AS (
      SELECT id FROM messages
      WHERE "userId" = ${userId} AND "contactId" = ${contactId} AND status = 'queued' AND "campaignId" IS NOT NULL
      ORDER BY id FOR UPDATE
    )
    UPDATE messages SET status = 'skipped', "notBefore" = NULL, "updatedAt" = now(),
      "errorMessage" = 'Opted out before the message was sent'
    FROM waiting WHERE messages."userId" = ${userId} AND messages.id = waiting.id`;
}

/**
 * Meta's instants are whole seconds, so of an agreement and an opt-out in the same second the opt-out stands. What the
 * owner wrote down was said later only if it was an hour later, because clocks may differ; what a file says never was.
 */
export async function optOut(
  sql: Sql,
  userId: UserId,
  contact: Locked,
  change: ConsentChange,
): Promise<boolean> {
  if (contact.isDeleted) return false;
  const wasOut = !contact.optedIn && contact.optedOutAt !== null;
  const isStronger =
    wasOut && !isLiftable(change.source) && (await isOutByWhatsAppAlone(sql, userId, contact.id));
  const applied = await sql`
    UPDATE contacts SET "optedIn" = false, "updatedAt" = now(),
      "optedOutAt" = greatest(CASE WHEN NOT "optedIn" THEN "optedOutAt" END, said.at)
    FROM (SELECT ${instantOf(change.at)} AS at) AS said
    WHERE "userId" = ${userId} AND id = ${contact.id}
      AND NOT coalesce("optedIn" AND "optedInAt" >= said.at + CASE "optInSource"
        WHEN 'webhook' THEN interval '1 second' WHEN 'manual' THEN interval '1 hour' END, false)
      AND NOT (${isLiftable(change.source)} AND EXISTS (
        SELECT FROM consent_events WHERE "userId" = ${userId} AND "contactId" = ${contact.id}
          AND action = 'opt_in' AND source = 'whatsapp_settings' AND "occurredAt" >= said.at + interval '1 second'))
    RETURNING id`;
  if (applied.length === 0 || (wasOut && !isStronger)) return false;
  await suppress(sql, userId, contact);
  await skipQueued(sql, userId, contact.id);
  await recordConsent(sql, userId, contact.id, change);
  return true;
}

async function optIn(sql: Sql, userId: UserId, contact: Locked, change: ConsentChange): Promise<boolean> {
  const { source, at, agreedOn } = change;
  const optInSource: OptInSource =
    source === "manual" || source === "csv" || source === "api" ? source : "webhook";
  const agreedAt = at ? instantOf(at) : part`${await momentOf(sql, userId, agreedOn)}::timestamptz`;
  const isTimed = Boolean(at);
  const applied = await sql`
    UPDATE contacts SET "optedIn" = true, "optedInAt" = ${agreedAt}, "optedOutAt" = NULL,
      "optInSource" = ${optInSource}, "updatedAt" = now()
    WHERE "userId" = ${userId} AND id = ${contact.id} AND CASE
      WHEN "optedIn" THEN ${isTimed} AND coalesce("optedInAt" < ${agreedAt}, true)
      ELSE NOT ${isTimed} OR coalesce("optedOutAt" < ${agreedAt}, true) END
    RETURNING id`;
  if (applied.length === 0) return false;
  const wasOut = (await liftSuppression(sql, userId, contact)) || contact.optedOutAt !== null;
  if (wasOut && !change.wording?.trim()) {
    throw invalid("wording", "This person opted out. Say how they agreed to hear from you again.");
  }
  await recordConsent(sql, userId, contact.id, change);
  return true;
}
