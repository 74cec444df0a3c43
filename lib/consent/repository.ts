import { type Sql, transaction } from "@/lib/db";
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
};

export const consentRepository = {
  /**
   * Changes what a person agreed to and records it; true when that changed anything. An opt-out also suppresses the
   * number. Whoever had opted out comes back only with the wording of a new agreement, which lifts the suppression.
   */
  set(userId: UserId, contactId: string, change: ConsentChange): Promise<boolean> {
    return transaction(async (sql) => {
      const contact = await lockContact(sql, userId, contactId);
      if (change.action === "opt_out") return optOut(sql, userId, contact, change);
      if (contact.isDeleted) throw notFound("Contact");
      return optIn(sql, userId, contact, change);
    });
  },
};

type Locked = Pick<
  Contact,
  "id" | "phone" | "name" | "email" | "tags" | "optedIn" | "optedOutAt" | "isBlocked"
> & { metadata: Record<string, string>; isDeleted: boolean };

/** Nobody else changes this person until the transaction ends. Adding them to a campaign goes on beside it. */
export async function lockContact(sql: Sql, userId: UserId, id: string): Promise<Locked> {
  const [contact] = await sql<Locked>`
    SELECT id, phone, name, email, tags, metadata, "optedIn", "optedOutAt", "isBlocked",
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

export async function recordConsent(
  sql: Sql,
  userId: UserId,
  contactId: string,
  change: ConsentChange,
): Promise<void> {
  const { action, source, wording = null, actor = null } = change;
  await sql`
    INSERT INTO consent_events ("userId", "contactId", action, source, wording, actor)
    VALUES (${userId}, ${contactId}, ${action}, ${source}, ${wording}, ${actor})`;
}

export async function suppress(sql: Sql, userId: UserId, phone: string | null): Promise<void> {
  if (phone === null) return;
  await sql`
    INSERT INTO suppressions ("userId", "phoneHash") VALUES (${userId}, suppression_hash(${userId}, ${phone}))
    ON CONFLICT ("userId", "phoneHash") DO NOTHING`;
}

export async function optOut(
  sql: Sql,
  userId: UserId,
  contact: Locked,
  change: ConsentChange,
): Promise<boolean> {
  if (contact.isDeleted || (!contact.optedIn && contact.optedOutAt)) return false;
  await sql`
    UPDATE contacts SET "optedIn" = false, "optedOutAt" = now(), "updatedAt" = now()
    WHERE "userId" = ${userId} AND id = ${contact.id}`;
  await suppress(sql, userId, contact.phone);
  await recordConsent(sql, userId, contact.id, change);
  return true;
}

async function optIn(sql: Sql, userId: UserId, contact: Locked, change: ConsentChange): Promise<boolean> {
  if (contact.optedIn) return false;
  const lifted = await sql`
    DELETE FROM suppressions
    WHERE "userId" = ${userId} AND "phoneHash" = suppression_hash(${userId}, ${contact.phone})
    RETURNING id`;
  if ((contact.optedOutAt || lifted.length > 0) && !change.wording?.trim()) {
    throw invalid("wording", "This person opted out. Say how they agreed to hear from you again.");
  }
  const { source } = change;
  const optInSource: OptInSource =
    source === "manual" || source === "csv" || source === "api" ? source : "webhook";
  await sql`
    UPDATE contacts SET "optedIn" = true, "optedInAt" = ${await momentOf(sql, userId, change.agreedOn)},
      "optedOutAt" = NULL, "optInSource" = ${optInSource}, "updatedAt" = now()
    WHERE "userId" = ${userId} AND id = ${contact.id}`;
  await recordConsent(sql, userId, contact.id, change);
  return true;
}
