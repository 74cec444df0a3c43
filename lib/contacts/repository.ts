import { type Agreement, isSuppressed, keepOut, lockContact, optOut } from "@/lib/consent/repository";
import { rememberFields } from "@/lib/contact-fields/repository";
import { db, type Sql, sql, transaction } from "@/lib/db";
import { isDuplicate } from "@/lib/db/errors";
import type { Contact, OptInSource, SubscriptionTier } from "@/lib/db/generated/client";
import { unseen } from "@/lib/db/unseen";
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

export type AddedContact = { id: string; optedIn: boolean; isSuppressed: boolean };

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
   * Adds people all at once and tells of each, in their order, what became of it, or why there was nothing: CONFLICT for a
   * number that is here already, and when the plan has no room. A number that opted out before stays out, whatever
   * `consent` says.
   */
  createAll(userId: UserId, people: NewContact[]): Promise<(AddedContact | AppError)[]> {
    return transaction(async (sql) => {
      const { contacts, tier } = await waitForRoom(sql, userId, people.length);
      const room = Math.max(0, tierLimits[tier].contacts - contacts);
      const created = await insertAll(sql, userId, people, room);
      const ids = created.map(({ id }) => id);
      const keptOut = new Set(ids.length > 0 ? await keepOut(sql, userId, ids) : []);
      await recordAll(sql, userId, people, created, keptOut);
      const fields = created.flatMap(({ place }) => Object.keys(people[place]?.metadata ?? {}));
      await rememberFields(sql, userId, [...new Set(fields)]);

      const added = new Map(created.map(({ place, id }) => [place, id]));
      const phones = people.filter((_, place) => !added.has(place)).map(({ phone }) => phone);
      const others = await findNames(sql, userId, phones);
      return people.map(({ phone, consent }, place) => {
        const id = added.get(place);
        if (id === undefined)
          return others.has(phone) ? alreadyHere(phone, others.get(phone)) : noRoomLeft(tier);
        const isSuppressed = keptOut.has(id);
        return { id, optedIn: consent !== null && !isSuppressed, isSuppressed };
      });
    });
  },

  /** The same for one, and throws what is in the way. */
  async create(userId: UserId, person: NewContact): Promise<AddedContact> {
    const [added] = await contactRepository.createAll(userId, [person]);
    if (!added || added instanceof AppError) throw added;
    return added;
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
          { action: "opt_out", source: "manual", wording: KEPT_OUT },
        );
      }
      await rememberFields(sql, userId, Object.keys(changes.metadata ?? {}));
    });
    await work.catch(async (error: unknown) => {
      const { phone } = changes;
      if (!isDuplicate(error) || !phone) throw error;
      throw alreadyHere(phone, (await findNames(sql, userId, [phone])).get(phone));
    });
  },

  /** Every tag in use with the number of people who have it. */
  listTags(userId: UserId) {
    return sql<{ tag: string; count: number }>`
      SELECT tag, count(*)::int AS count FROM contacts, unnest(tags) AS tag
      WHERE "userId" = ${userId} AND "deletedAt" IS NULL
      GROUP BY tag ORDER BY lower(tag), tag`;
  },

  /** The names of all custom fields in use, at this moment: reads everybody. */
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

const KEPT_OUT = "This number had opted out before. It stays opted out until the person agrees again.";

function alreadyHere(phone: string, name: string | null | undefined): AppError {
  const message = `${phone} is already among your contacts${name ? `: ${name}` : ""}`;
  return new AppError("CONFLICT", message, { phone: [message] });
}

const noRoomLeft = (tier: SubscriptionTier) =>
  conflict(`${noRoom(tier)}. Change the plan, or delete contacts whom you no longer need.`);

async function findNames(sql: Sql, userId: UserId, phones: string[]): Promise<Map<string, string | null>> {
  if (phones.length === 0) return new Map();
  const found = await sql<{ phone: string; name: string | null }>`
    SELECT phone, name FROM contacts WHERE "userId" = ${userId} AND phone = ANY(${phones}::text[])`;
  return new Map(found.map(({ phone, name }) => [phone, name]));
}

type Created = { place: number; id: string };

/**
 * Adds those whose number is not here, the first of those who have the same one, for as many as there is room. Sorted, as
 * an import does it, so that two at the same time wait for each other in one order.
 */
async function insertAll(sql: Sql, userId: UserId, people: NewContact[], room: number): Promise<Created[]> {
  const rows = people.map(({ consent, ...person }, place) => ({
    ...{ ...person, place, agreed: consent !== null, agreedOn: consent?.agreedOn ?? null },
  }));
  return sql<Created>`
    WITH input AS MATERIALIZED (
      SELECT DISTINCT ON (phone) * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS person (
        place int, phone text, name text, email text, tags text[], metadata jsonb, source "OptInSource",
        agreed boolean, "agreedOn" date)
      ORDER BY phone, place
    ), welcome AS (
      SELECT * FROM input WHERE NOT EXISTS (
        SELECT FROM contacts WHERE "userId" = ${unseen(userId)} AND contacts.phone = input.phone OFFSET 0)
      ORDER BY place LIMIT ${room}
    ), created AS (
      INSERT INTO contacts ("userId", phone, name, email, tags, metadata, "optInSource", "optedIn", "optedInAt")
      SELECT ${userId}, phone, name, welcome.email, tags, metadata, source, agreed,
        CASE WHEN agreed THEN least(now(), "agreedOn"::timestamp AT TIME ZONE account."timeZone") END
      FROM welcome JOIN users account ON account.id = ${userId}
      ORDER BY phone COLLATE "C"
      ON CONFLICT ("userId", phone) DO NOTHING
      RETURNING id, phone
    )
    SELECT place, created.id FROM created JOIN input USING (phone) ORDER BY place`;
}

/** What the people who were added said, or that they stay out, in the ledger. */
async function recordAll(
  sql: Sql,
  userId: UserId,
  people: NewContact[],
  created: Created[],
  keptOut: Set<string>,
): Promise<void> {
  const events = created.flatMap(({ place, id }) => {
    const { source, consent = null } = people[place] ?? {};
    if (keptOut.has(id)) return [{ id, source, action: "opt_out", wording: KEPT_OUT, actor: null }];
    return consent
      ? [{ id, source, action: "opt_in", wording: consent.wording, actor: consent.actor ?? null }]
      : [];
  });
  if (events.length === 0) return;
  await sql`
    INSERT INTO consent_events ("userId", "contactId", action, source, wording, actor)
    SELECT ${userId}, id, action, source, wording, actor
    FROM jsonb_to_recordset(${JSON.stringify(events)}::jsonb) AS event (
      id uuid, action "ConsentAction", source "ConsentSource", wording text, actor text)`;
}

/** Fewer people than that are counted again each time. */
const WORTH_REMEMBERING = 1_000;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/**
 * How many people the account has; as long as `wanted` more have room, it may be fewer. Who was counted before can only
 * have become fewer, so whoever came since is added to that, and all are counted only when that is too many. Whoever asks
 * next is told when this transaction is over.
 */
export async function waitForRoom(
  sql: Sql,
  userId: UserId,
  wanted: number,
): Promise<{ contacts: number; tier: SubscriptionTier }> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('contacts:' || ${userId}, 0))`;
  const [account] = await sql<{ tier: SubscriptionTier; settled: string } & Counted>`
    SELECT "subscriptionTier" AS tier, "countedContacts" AS count, coalesce("countedBefore", ${FIRST_ID}) AS before,
      uuid_v7_floor(now() - interval '5 minutes') AS settled
    FROM users WHERE id = ${userId}`;
  if (!account) throw notFound("Account");
  const { tier, settled } = account;
  const known = await countOn(sql, userId, account, settled);
  if (known + wanted <= tierLimits[tier].contacts) return { contacts: known, tier };
  return { contacts: await countOn(sql, userId, { count: 0, before: FIRST_ID }, settled), tier };
}

/** Of the people with ids below `before`, so many were here. */
type Counted = { count: number; before: string };

/** Whoever is being added this moment may have an id below those that are here already, but none below `settled`. */
async function countOn(
  sql: Sql,
  userId: UserId,
  { count, before }: Counted,
  settled: string,
): Promise<number> {
  const [more] = await sql<{ all: number; old: number }>`
    SELECT count(*)::int AS all, count(*) FILTER (WHERE id < ${settled})::int AS old FROM contacts
    WHERE "userId" = ${userId} AND id >= ${before} AND "deletedAt" IS NULL`;
  const { all = 0, old = 0 } = more ?? {};
  if (old >= WORTH_REMEMBERING) {
    await sql`
      UPDATE users SET "countedContacts" = ${count + old}, "countedBefore" = ${settled} WHERE id = ${userId}`;
  }
  return count + all;
}
