import {
  isOutByWhatsAppAlone,
  isSuppressed,
  keepOut,
  optOut,
  recordConsent,
  skipQueued,
  suppress,
} from "@/lib/consent/repository";
import { normalizePhone } from "@/lib/contacts/phone";
import { part, type Sql, sql, transaction } from "@/lib/db";
import { isDuplicate, isInTheWay } from "@/lib/db/errors";
import type { ConsentSource, Contact } from "@/lib/db/generated/client";
import { AppError, conflict, notFound } from "@/lib/errors";
import { isOut, type Joinable, joined, type MergePreview } from "@/lib/identity/joined";
import type { UserId } from "@/lib/tenant";

/** Who somebody is, by WhatsApp's ids; at least one of them is known. */
export type Identity = { waId: string | null; waUserId?: string | null };

/** Who wrote to us. */
export type Sender = Identity & {
  name?: string | null;
  /** Null for what was no message. */
  at: Date | null;
  /** When these ids belonged together, for what was no message; null when nobody says. */
  asOf?: Date | null;
};

/** In the ledger of whoever has a number now that somebody before them opted out of. */
export const HAD_OPTED_OUT = "The number they have now had opted out before.";

/** Others may be busy with the same people. A second is enough for whoever is, and less than PostgreSQL takes to see a circle. */
const TRIES = 8;
const LOCK_TIMEOUT = "300ms";

export const identityRepository = {
  /**
   * The person who wrote to us, created if unknown: not opted in, because writing is no agreement to campaigns.
   * WhatsApp's own ids are remembered, `lastInboundAt` only grows, and entries that turn out to be one person become
   * one. What comes late says nothing about a number from which somebody else has written since.
   */
  async recordInbound(userId: UserId, sender: Sender): Promise<{ id: string; optedIn: boolean }> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const ids = await currentIds(userId, sender, sender.at ?? sender.asOf ?? null);
      const found = await recognize(userId, { ...sender, ...ids }).catch(unlessRaced);
      if (found) return found;
    }
    throw new Error("A sender could neither be found nor created");
  },

  /** Whether this entry has not been merged into another, nor deleted. */
  async isCurrent(userId: UserId, id: string): Promise<boolean> {
    const rows = await sql`
      SELECT FROM contacts WHERE "userId" = ${userId} AND id = ${id} AND "deletedAt" IS NULL`;
    return rows.length === 1;
  },

  /** Whoever has one of these ids, the surest sign first: more than one where ids came apart. */
  async list(userId: UserId, identity: Identity): Promise<string[]> {
    return (await findAll(sql, userId, identity)).map(({ id }) => id);
  },

  /**
   * The person has other ids from then on; the entry, what it agreed to and what was said move along. What comes late
   * moves nobody who has written from the number since.
   */
  async changeIdentity(
    userId: UserId,
    from: Identity,
    to: Identity,
    asOf: Date | null = null,
  ): Promise<{ id: string }> {
    const [known] = await findAll(sql, userId, await currentIds(userId, from, asOf));
    if (!known) return identityRepository.recordInbound(userId, { ...to, at: null, asOf });
    for (let tries = 0; tries < TRIES; tries += 1) {
      const other = (await findAll(sql, userId, to)).find(({ id }) => id !== known.id);
      const moved = other
        ? await identityRepository.merge(userId, known.id, other.id).then(() => null, unlessRaced)
        : await rename(userId, known.id, to).catch(unlessRaced);
      if (moved) return { id: known.id };
    }
    throw new Error("A person could not be given other ids");
  },

  /** What merging would do, as things stand. */
  async previewMerge(userId: UserId, keepId: string, dropId: string): Promise<MergePreview> {
    if (keepId === dropId) throw conflict(SAME);
    const pair = await sql<Person & { messages: number }>`
      SELECT contact.*, false AS "isDeleted", (
        SELECT count(*)::int FROM messages
        WHERE messages."userId" = ${userId} AND messages."contactId" = contact.id) AS messages
      FROM contacts contact
      WHERE contact."userId" = ${userId} AND contact.id IN (${keepId}, ${dropId}) AND contact."deletedAt" IS NULL`;
    const keep = pair.find(({ id }) => id === keepId);
    const drop = pair.find(({ id }) => id === dropId);
    if (!keep || !drop) throw notFound("Contact");
    const [shared] = await sql<{ count: number }>`
      SELECT count(*)::int AS count FROM messages one
      JOIN messages other ON other."userId" = ${userId} AND other."contactId" = ${dropId}
        AND other."campaignId" = one."campaignId"
      WHERE one."userId" = ${userId} AND one."contactId" = ${keepId}`;
    const sharedCampaigns = shared?.count ?? 0;
    return {
      ...{ keep: joinableOf(keep), drop: joinableOf(drop), after: joined(keep, drop), sharedCampaigns },
      messages: drop.messages - sharedCampaigns,
    };
  },

  /**
   * Makes two entries of one person one: messages, agreements, tags and fields of `dropId` go to `keepId`, whose own
   * values count where both have one. If either opted out or is blocked, or a bulk action is about to do that, the person
   * is, under both numbers. Of two messages of one campaign one stays behind in an empty entry, so that the campaign's
   * numbers stay true.
   */
  async merge(userId: UserId, keepId: string, dropId: string, actor: string | null = null): Promise<void> {
    if (keepId === dropId) throw conflict(SAME);
    for (let tries = 1; ; tries += 1) {
      try {
        return await transaction((sql) => mergeWithin(sql, userId, { keepId, dropId, actor }));
      } catch (error) {
        if (!isInTheWay(error) || tries === TRIES) throw error;
      }
    }
  },
};

const SAME = "Choose two different contacts";

/** Somebody else was faster: the next look will find what they did. */
function unlessRaced(error: unknown): null {
  const isGone = error instanceof AppError && error.code === "NOT_FOUND";
  if (isGone || isDuplicate(error) || isInTheWay(error)) return null;
  throw error;
}

/** The number behind WhatsApp's id as we store it; null when it is no number. */
function phoneOf(waId: string | null): string | null {
  if (waId === null) return null;
  const normalized = normalizePhone(`+${waId}`, "");
  if ("phone" in normalized) return normalized.phone;
  return /^[1-9]\d{6,14}$/.test(waId) ? `+${waId}` : null;
}

/** Everybody who has one of these ids, the surest sign first: Meta's id of the person, its number, ours. */
const matching = (userId: UserId, { waId, waUserId = null }: Identity) => part`
  SELECT id, "waUserId", CASE WHEN "waUserId" = ${waUserId} THEN 0 WHEN "waId" = ${waId} THEN 1 ELSE 2 END AS rank
  FROM contacts WHERE "userId" = ${userId}
    AND ("waUserId" = ${waUserId} OR "waId" = ${waId} OR phone = ${phoneOf(waId)})`;

const findAll = (sql: Sql, userId: UserId, identity: Identity) =>
  sql<{ id: string; waUserId: string | null }>`
    SELECT id, "waUserId" FROM (${matching(userId, identity)}) AS person ORDER BY rank, id`;

/**
 * Numbers change hands and reports come late: without the number where somebody else has written from it since then.
 * Of somebody who is known by the number alone nothing better is known.
 */
async function currentIds(userId: UserId, identity: Identity, asOf: Date | null): Promise<Identity> {
  const { waId, waUserId = null } = identity;
  if (waId === null || waUserId === null || asOf === null) return { waId, waUserId };
  const others = await sql`
    SELECT FROM contacts WHERE "userId" = ${userId} AND ("waId" = ${waId} OR phone = ${phoneOf(waId)})
      AND "waUserId" IS DISTINCT FROM ${waUserId} AND "lastInboundAt" > ${asOf}::timestamptz LIMIT 1`;
  return { waId: others.length > 0 ? null : waId, waUserId };
}

/** WhatsApp's clock may be ahead of ours. */
const laterOf = (at: Date | null) =>
  part`CASE WHEN ${at}::timestamptz IS NULL THEN "lastInboundAt"
    ELSE greatest("lastInboundAt", least(now(), ${at}::timestamptz)) END`;

/** Whether a contact is to be given this number: it has none yet, or is out and known under another spelling. */
const isToLearn = (waId: string | null) => part`
  (${phoneOf(waId)}::text IS NOT NULL
    AND (phone IS NULL OR "optedOutAt" IS NOT NULL AND "waId" IS DISTINCT FROM ${waId}::text))`;

/** One look at who wrote; null when there is more to do first, or somebody else was faster. */
async function recognize(userId: UserId, sender: Sender) {
  const { waId, waUserId = null, name = null, at } = sender;
  const [only] = await sql<{ id: string; optedIn: boolean }>`
    UPDATE contacts SET "waId" = coalesce(${waId}, "waId"), "waUserId" = coalesce(${waUserId}, "waUserId"),
      name = coalesce(name, ${name}), "lastInboundAt" = ${laterOf(at)}, "updatedAt" = now()
    FROM (
      SELECT (array_agg(id))[1] AS id FROM (${matching(userId, sender)}) AS person
      HAVING count(*) = 1 AND NOT coalesce(bool_or("waUserId" <> ${waUserId}), false)
    ) AS one
    WHERE contacts."userId" = ${userId} AND contacts.id = one.id AND NOT ${isToLearn(waId)}
    RETURNING contacts.id, "optedIn"`;
  if (only) return only;
  const [surest, ...others] = await findAll(sql, userId, sender);
  if (!surest) return create(userId, sender);
  if (isSomebodyElse(surest, waUserId)) {
    // Somebody new has the number of this one: the next look sees both.
    await create(userId, { ...sender, waId: null });
    return null;
  }
  // Two entries with the ids of one sender are one person, unless Meta knows them as two. The number is free for them only
  // when everybody else who has it has been seen to.
  const strangers = others.filter((other) => isSomebodyElse(other, surest.waUserId));
  if (others.length === 0) await learn(userId, surest, waId);
  else if (strangers.length === others.length) await handOver(userId, surest, strangers, waId);
  else for (const other of others) if (!strangers.includes(other)) await unite(userId, surest, other);
  return null;
}

function create(userId: UserId, { waId, waUserId = null, name = null, at }: Sender) {
  return transaction(async (sql) => {
    const [created] = await sql<{ id: string; optedIn: boolean }>`
      INSERT INTO contacts ("userId", phone, "waId", "waUserId", name, "optInSource", "lastInboundAt")
      VALUES (${userId}, ${phoneOf(waId)}, ${waId}, ${waUserId}, ${name}, 'webhook',
        CASE WHEN ${at}::timestamptz IS NOT NULL THEN least(now(), ${at}::timestamptz) END)
      ON CONFLICT DO NOTHING
      RETURNING id, "optedIn"`;
    if (created && (await keepOut(sql, userId, [created.id])).length > 0)
      await recordConsent(sql, userId, created.id, {
        ...{ action: "opt_out", source: "webhook", wording: HAD_OPTED_OUT },
      });
    return created ?? null;
  });
}

type Match = { id: string; waUserId: string | null };

/** Meta knows them as two: the number has changed hands. */
const isSomebodyElse = (match: Match, waUserId: string | null) =>
  match.waUserId !== null && waUserId !== null && match.waUserId !== waUserId;

/** The older entry stays. */
async function unite(userId: UserId, one: Match, other: Match): Promise<void> {
  const [keep = one.id, drop = other.id] = [one.id, other.id].toSorted();
  await identityRepository.merge(userId, keep, drop);
}

/** Whoever had opted out of a number has opted out of it for whoever has it now. */
function handOver(userId: UserId, to: Match, from: Match[], waId: string | null): Promise<void> {
  const fromIds = from.map(({ id }) => id);
  return transaction(async (sql) => {
    await lockAll(sql, userId, [to.id, ...fromIds]);
    await sql`
      UPDATE contacts SET phone = NULL, "waId" = NULL, "updatedAt" = now()
      WHERE "userId" = ${userId} AND id = ANY(${fromIds}::uuid[])`;
    await takeIds(sql, userId, to.id, { waId });
  });
}

/** What is learned of a number takes no other one's place. */
function learn(userId: UserId, { id }: Match, waId: string | null): Promise<void> {
  return transaction(async (sql) => {
    await lockAll(sql, userId, [id]);
    await takeIds(sql, userId, id, { waId }, part`coalesce(phone, ${phoneOf(waId)})`);
  });
}

function rename(userId: UserId, id: string, to: Identity): Promise<true> {
  return transaction(async (sql) => {
    await lockAll(sql, userId, [id]);
    await takeIds(sql, userId, id, to);
    return true as const;
  });
}

/** The entry has these ids from now on. An opt-out holds for the old number and the new one, whichever it came from. */
async function takeIds(
  sql: Sql,
  userId: UserId,
  id: string,
  { waId, waUserId = null }: Identity,
  phone = part`coalesce(${phoneOf(waId)}, phone)`,
): Promise<void> {
  const [taken] = await sql<Person>`
    UPDATE contacts SET phone = ${phone}, "waId" = coalesce(${waId}, "waId"),
      "waUserId" = coalesce(${waUserId}, "waUserId"), "updatedAt" = now()
    WHERE "userId" = ${userId} AND id = ${id}
    RETURNING contacts.*, false AS "isDeleted"`;
  if (!taken) throw notFound("Contact");
  if (isOut(taken)) await suppress(sql, userId, taken);
  else if (await isSuppressed(sql, userId, taken.phone)) {
    await optOut(sql, userId, taken, { action: "opt_out", source: "webhook", wording: HAD_OPTED_OUT });
  }
}

type Person = Omit<Contact, "metadata"> & { metadata: Record<string, string>; isDeleted: boolean };

/** No more than there is to see. */
const joinableOf = (person: Joinable): Joinable => joined(person, person);

/**
 * In the order of their ids, as everything here does. A campaign that is adding them, or an import, is not waited for
 * longer than a moment, so that none of them ever stands in a circle with this.
 */
async function lockAll(sql: Sql, userId: UserId, ids: string[]): Promise<Person[]> {
  await sql`SELECT set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`;
  return sql<Person>`
    SELECT *, false AS "isDeleted" FROM contacts
    WHERE "userId" = ${userId} AND id = ANY(${ids}::uuid[]) AND "deletedAt" IS NULL ORDER BY id FOR UPDATE`;
}

type Merging = { keepId: string; dropId: string; actor: string | null };

async function mergeWithin(sql: Sql, userId: UserId, { keepId, dropId, actor }: Merging): Promise<void> {
  const pair = await lockAll(sql, userId, [keepId, dropId]);
  const keep = pair.find(({ id }) => id === keepId);
  const drop = pair.find(({ id }) => id === dropId);
  if (!keep || !drop) throw notFound("Contact");
  const after = joined(keep, drop);
  // Asked before their ledgers are one.
  const source = isOut(after) ? await sourceOfOptOut(sql, userId, pair) : null;
  const isUnread = await hasUnread(sql, userId, pair);
  await joinConversations(sql, userId, keepId, dropId);
  await moveMessages(sql, userId, keepId, dropId);
  await sql`
    UPDATE consent_events SET "contactId" = ${keepId} WHERE "userId" = ${userId} AND "contactId" = ${dropId}`;
  await sql`
    UPDATE import_changes change SET "contactId" = ${keepId}
    WHERE change."userId" = ${userId} AND change."contactId" = ${dropId} AND NOT EXISTS (
      SELECT FROM import_changes own WHERE own."importId" = change."importId" AND own."contactId" = ${keepId})`;
  await sql`
    UPDATE bulk_action_contacts waiting SET "contactId" = ${keepId}
    WHERE waiting."userId" = ${userId} AND waiting."contactId" = ${dropId} AND waiting."bulkActionId" IN (
      SELECT id FROM bulk_actions WHERE "userId" = ${userId} AND status = 'processing' AND kind IN ('opt_out', 'block')
    ) AND NOT EXISTS (
      SELECT FROM bulk_action_contacts own
      WHERE own."userId" = ${userId} AND own."bulkActionId" = waiting."bulkActionId" AND own."contactId" = ${keepId})`;
  await discard(sql, userId, dropId);
  await sql`
    UPDATE contacts SET phone = ${after.phone}, "waId" = ${after.waId}, "waUserId" = ${after.waUserId},
      name = ${after.name}, email = ${after.email}, tags = ${after.tags},
      metadata = ${JSON.stringify(after.metadata)}::jsonb, "lastInboundAt" = ${after.lastInboundAt},
      "importId" = ${after.importId}, "isBlocked" = ${after.isBlocked}, "blockedReason" = ${after.blockedReason},
      "optedIn" = ${after.optedIn}, "optedInAt" = ${after.optedInAt}, "optedOutAt" = ${after.optedOutAt},
      "optInSource" = ${after.optInSource}, "updatedAt" = now()
    WHERE "userId" = ${userId} AND id = ${keepId}`;
  await sql`
    UPDATE conversations SET "lastSeenId" = CASE WHEN NOT ${isUnread} THEN "lastInboundId" END
    WHERE "userId" = ${userId} AND "contactId" = ${keepId}`;
  if (!source) return;
  for (const each of pair) await suppress(sql, userId, each);
  await skipQueued(sql, userId, keepId);
  const wording = "Joined with another entry of the same person, which had opted out.";
  await recordConsent(sql, userId, keepId, {
    ...{ action: "opt_out", source, wording: pair.every(isOut) ? BOTH_OUT : wording },
    ...(actor && { actor }),
  });
}

const BOTH_OUT = "Joined with another entry of the same person. Both had opted out.";

/** Of two opt-outs the one that is harder to lift. */
async function sourceOfOptOut(sql: Sql, userId: UserId, pair: Person[]): Promise<ConsentSource> {
  for (const { id } of pair.filter(isOut))
    if (!(await isOutByWhatsAppAlone(sql, userId, id))) return "manual";
  return "whatsapp_settings";
}

async function hasUnread(sql: Sql, userId: UserId, pair: Person[]): Promise<boolean> {
  const unread = await sql`
    SELECT FROM conversations WHERE "userId" = ${userId} AND "contactId" = ANY(${pair.map(({ id }) => id)}::uuid[])
      AND ("lastSeenId" IS NULL OR "lastSeenId" < "lastInboundId")`;
  return unread.length > 0;
}

/** Before the messages move: what the database notes for each of them is known then, and it writes nothing. */
async function joinConversations(sql: Sql, userId: UserId, keepId: string, dropId: string): Promise<void> {
  await sql`
    INSERT INTO conversations ("userId", "contactId", "lastInboundId")
    SELECT ${userId}, ${keepId}, "lastInboundId" FROM conversations
    WHERE "userId" = ${userId} AND "contactId" = ${dropId}
    ON CONFLICT ("userId", "contactId") DO UPDATE SET "lastInboundId" = excluded."lastInboundId"
    WHERE conversations."lastInboundId" < excluded."lastInboundId"`;
}

/** What has not reached anybody, and would if it were queued or tried again. */
const notSent = part`'queued', 'failed', 'skipped'`;

/**
 * Of two messages of one campaign the one that may have reached the person stays theirs, whichever entry it was sent to, so
 * that the other is never sent as well. Locked in the order in which whatever applies reports locks them.
 */
async function moveMessages(sql: Sql, userId: UserId, keepId: string, dropId: string): Promise<void> {
  await sql`
    SELECT FROM messages WHERE "userId" = ${userId} AND ("contactId" = ${dropId} OR "contactId" = ${keepId}
      AND "campaignId" IN (SELECT "campaignId" FROM messages WHERE "userId" = ${userId} AND "contactId" = ${dropId}))
    ORDER BY id FOR UPDATE`;
  const twins = await sql<{ keptId: string; droppedId: string; isOvertaken: boolean }>`
    SELECT kept.id AS "keptId", dropped.id AS "droppedId",
      kept.status IN (${notSent}) AND dropped.status NOT IN (${notSent}) AS "isOvertaken"
    FROM messages dropped
    JOIN messages kept ON kept."userId" = ${userId} AND kept."contactId" = ${keepId}
      AND kept."campaignId" = dropped."campaignId"
    WHERE dropped."userId" = ${userId} AND dropped."contactId" = ${dropId}`;
  const overtaken = twins.filter(({ isOvertaken }) => isOvertaken).map(({ keptId }) => keptId);
  if (overtaken.length > 0) await setAside(sql, userId, await createEmpty(sql, userId), overtaken);
  const second = twins.filter(({ isOvertaken }) => !isOvertaken).map(({ droppedId }) => droppedId);
  await setAside(sql, userId, dropId, second);
  await sql`
    UPDATE messages SET "contactId" = ${keepId}, "updatedAt" = now()
    WHERE "userId" = ${userId} AND "contactId" = ${dropId} AND id <> ALL(${second}::uuid[])`;
}

/** Leaves messages in an empty entry, where nothing of them is sent any more. */
async function setAside(sql: Sql, userId: UserId, contactId: string, ids: string[]): Promise<void> {
  await sql`
    UPDATE messages SET "contactId" = ${contactId}, "content" = '{}', "notBefore" = NULL, "updatedAt" = now(),
      "errorMessage" = CASE status WHEN 'queued' THEN 'The same person is in this campaign already'
        ELSE "errorMessage" END,
      status = CASE status WHEN 'queued' THEN 'skipped' ELSE status END
    WHERE "userId" = ${userId} AND id = ANY(${ids}::uuid[])`;
}

/** What a deleted person with messages leaves behind. */
async function createEmpty(sql: Sql, userId: UserId): Promise<string> {
  const [created] = await sql<{ id: string }>`
    INSERT INTO contacts ("userId", "deletedAt") VALUES (${userId}, now()) RETURNING id`;
  if (!created) throw new Error("The database returned no row.");
  return created.id;
}

/** An entry with messages stays, empty, as it does when a person is deleted. */
async function discard(sql: Sql, userId: UserId, id: string): Promise<void> {
  await sql`DELETE FROM import_changes WHERE "userId" = ${userId} AND "contactId" = ${id}`;
  await sql`DELETE FROM conversations WHERE "userId" = ${userId} AND "contactId" = ${id}`;
  const deleted = await sql`
    DELETE FROM contacts WHERE "userId" = ${userId} AND id = ${id}
      AND NOT EXISTS (SELECT FROM messages WHERE "userId" = ${userId} AND "contactId" = ${id}) RETURNING id`;
  if (deleted.length > 0) return;
  await sql`
    UPDATE contacts SET phone = NULL, "waId" = NULL, "waUserId" = NULL, name = NULL, email = NULL, tags = '{}',
      metadata = '{}', "optedIn" = false, "optedInAt" = NULL, "optedOutAt" = NULL, "isBlocked" = false,
      "blockedReason" = NULL, "lastInboundAt" = NULL, "importId" = NULL, "deletedAt" = now(), "updatedAt" = now()
    WHERE "userId" = ${userId} AND id = ${id}`;
}
