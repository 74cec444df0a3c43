import {
  type Agreement,
  isSuppressed,
  keepOut,
  lockContact,
  momentOf,
  optOut,
  recordConsent,
} from "@/lib/consent/repository";
import { db, type Sql, sql, transaction } from "@/lib/db";
import { isDuplicate } from "@/lib/db/errors";
import type { Contact, OptInSource, SubscriptionTier } from "@/lib/db/generated/client";
import { AppError, conflict, notFound } from "@/lib/errors";
import { deletePeople } from "@/lib/personal-data/repository";
import type { UserId } from "@/lib/tenant";
import { noRoom, tierLimits } from "@/lib/users/tiers";

const listed = {
  id: true,
  phone: true,
  name: true,
  email: true,
  optedIn: true,
  optedInAt: true,
  optedOutAt: true,
  tags: true,
  isBlocked: true,
  lastInboundAt: true,
  createdAt: true,
} as const;

const detailed = { ...listed, optInSource: true, metadata: true, blockedReason: true } as const;

/** Custom fields are text by the rules of lib/contacts/schema.ts. */
type Fields = { metadata: Record<string, string> };
export type ContactSummary = Pick<Contact, keyof typeof listed>;
export type ContactDetails = Omit<Pick<Contact, keyof typeof detailed>, "metadata"> & Fields;

export type ContactInput = Pick<Contact, "name" | "email" | "tags"> & Fields & { phone: string };

export type NewContact = ContactInput & {
  source: OptInSource;
  /** Null stores the person without opting in. */
  consent: Agreement | null;
};

export const contactRepository = {
  /** Who agreed to hear from this business. */
  findOptedInContacts(userId: UserId) {
    return db.contact.findMany({
      where: { userId, optedIn: true, deletedAt: null },
      select: detailed,
      orderBy: { id: "asc" },
    });
  },

  /**
   * A number that opted out before stays out, whatever `consent` says. Throws CONFLICT for a number that is here already,
   * and when the plan has no room.
   */
  create(
    userId: UserId,
    input: NewContact,
  ): Promise<{ id: string; optedIn: boolean; isSuppressed: boolean }> {
    const { phone, name, email, tags, metadata, source, consent } = input;
    return transaction(async (sql) => {
      const { contacts, tier } = await waitForRoom(sql, userId);
      const agreedAt = consent && (await momentOf(sql, userId, consent.agreedOn));
      const [created] = await sql<{ id: string }>`
        INSERT INTO contacts ("userId", phone, name, email, tags, metadata, "optInSource", "optedIn", "optedInAt")
        SELECT ${userId}, ${phone}::text, ${name}::text, ${email}::text, ${tags}::text[],
          ${JSON.stringify(metadata)}::jsonb, ${source}::"OptInSource", ${consent !== null}::boolean,
          ${agreedAt}::timestamptz
        WHERE ${contacts < tierLimits[tier].contacts}
        ON CONFLICT ("userId", phone) DO NOTHING
        RETURNING id`;
      if (!created)
        throw (
          (await alreadyHere(userId, phone)) ??
          conflict(`${noRoom(tier)}. Change the plan, or delete contacts whom you no longer need.`)
        );

      const isKeptOut = await keepOut(sql, userId, created.id);
      if (isKeptOut) {
        await recordConsent(sql, userId, created.id, { action: "opt_out", source, wording: keptOut });
      } else if (consent) {
        await recordConsent(sql, userId, created.id, { ...consent, action: "opt_in", source });
      }
      return { id: created.id, optedIn: consent !== null && !isKeptOut, isSuppressed: isKeptOut };
    });
  },

  async find(userId: UserId, id: string): Promise<ContactDetails | null> {
    const contact = await db.contact.findUnique({ where: { id, userId, deletedAt: null }, select: detailed });
    return contact && { ...contact, metadata: contact.metadata as Fields["metadata"] };
  },

  async get(userId: UserId, id: string): Promise<ContactDetails> {
    const contact = await contactRepository.find(userId, id);
    if (!contact) throw notFound("Contact");
    return contact;
  },

  /**
   * Throws CONFLICT when another contact has the new number. A new number is another identity: what WhatsApp told about
   * the old one goes, and if the new one had opted out, the person is opted out.
   */
  async update(userId: UserId, id: string, changes: Partial<ContactInput>): Promise<void> {
    const work = transaction(async (sql) => {
      const current = await lockContact(sql, userId, id);
      if (current.isDeleted) throw notFound("Contact");
      const { phone, name, email, tags, metadata } = { ...current, ...changes };
      const isRenumbered = phone !== current.phone;
      await sql`
        UPDATE contacts SET phone = ${phone}, name = ${name}, email = ${email}, tags = ${tags},
          metadata = ${JSON.stringify(metadata)}, "updatedAt" = now(),
          "waId" = CASE WHEN NOT ${isRenumbered} THEN "waId" END,
          "waUserId" = CASE WHEN NOT ${isRenumbered} OR phone IS NULL THEN "waUserId" END
        WHERE "userId" = ${userId} AND id = ${id}`;
      if (isRenumbered && (await isSuppressed(sql, userId, phone))) {
        await optOut(
          sql,
          userId,
          { ...current, phone, waId: null },
          { action: "opt_out", source: "manual", wording: keptOut },
        );
      }
    });
    await work.catch(async (error: unknown) => {
      throw (isDuplicate(error) && changes.phone && (await alreadyHere(userId, changes.phone))) || error;
    });
  },

  /** Every tag in use with the number of people who have it. */
  listTags(userId: UserId) {
    return sql<{ tag: string; count: number }>`
      SELECT tag, count(*)::int AS count FROM contacts, unnest(tags) AS tag
      WHERE "userId" = ${userId} AND "deletedAt" IS NULL
      GROUP BY tag ORDER BY lower(tag), tag`;
  },

  /** The names of all custom fields in use. */
  async listCustomFields(userId: UserId): Promise<string[]> {
    const rows = await sql<{ key: string }>`
      SELECT DISTINCT jsonb_object_keys(metadata) AS key FROM contacts
      WHERE "userId" = ${userId} AND "deletedAt" IS NULL ORDER BY key`;
    return rows.map(({ key }) => key);
  },

  async block(userId: UserId, id: string, reason: string | null): Promise<void> {
    const data = { isBlocked: true, blockedReason: reason };
    await db.contact.update({ where: { id, userId, deletedAt: null }, data });
  },

  async unblock(userId: UserId, id: string): Promise<void> {
    const data = { isBlocked: false, blockedReason: null };
    await db.contact.update({ where: { id, userId, deletedAt: null }, data });
  },

  /**
   * Deletes a person. Whoever took part in a campaign leaves an empty row behind, so that its numbers stay true; whoever
   * opted out or was blocked leaves the hash of the number, so that no import opts them in again.
   */
  async remove(userId: UserId, id: string): Promise<void> {
    const removed = await transaction((sql) => deletePeople(sql, userId, [id]));
    if (removed === 0) throw notFound("Contact");
  },

  /** For the overview. Opted in, opted out and not asked make the total; `blocked` counts across them. */
  async countByConsent(userId: UserId) {
    const [counts] = await sql<Record<"total" | "optedIn" | "optedOut" | "notAsked" | "blocked", number>>`
      SELECT count(*)::int AS total,
        count(*) FILTER (WHERE "optedIn")::int AS "optedIn",
        count(*) FILTER (WHERE NOT "optedIn" AND "optedOutAt" IS NOT NULL)::int AS "optedOut",
        count(*) FILTER (WHERE NOT "optedIn" AND "optedOutAt" IS NULL)::int AS "notAsked",
        count(*) FILTER (WHERE "isBlocked")::int AS blocked
      FROM contacts WHERE "userId" = ${userId} AND "deletedAt" IS NULL`;
    return counts ?? { total: 0, optedIn: 0, optedOut: 0, notAsked: 0, blocked: 0 };
  },
};

const keptOut = "This number had opted out before. It stays opted out until the person agrees again.";

async function alreadyHere(userId: UserId, phone: string): Promise<AppError | null> {
  const other = await db.contact.findFirst({ where: { userId, phone }, select: { name: true } });
  if (!other) return null;
  const message = `${phone} is already among your contacts${other.name ? `: ${other.name}` : ""}`;
  return new AppError("CONFLICT", message, { phone: [message] });
}

/** How many people the account has. Whoever asks next is told when this transaction is over. */
export async function waitForRoom(
  sql: Sql,
  userId: UserId,
): Promise<{ contacts: number; tier: SubscriptionTier }> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('contacts:' || ${userId}, 0))`;
  const [counted] = await sql<{ contacts: number; tier: SubscriptionTier }>`
    SELECT "subscriptionTier" AS tier, (
      SELECT count(*)::int FROM contacts WHERE "userId" = ${userId} AND "deletedAt" IS NULL
    ) AS contacts
    FROM users WHERE id = ${userId}`;
  if (!counted) throw notFound("Account");
  return counted;
}
