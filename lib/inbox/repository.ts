import { type Part, part, sql } from "@/lib/db";
import type { MessageContentType, MessageDirection } from "@/lib/db/generated/enums";
import { notFound } from "@/lib/errors";
import {
  type Content,
  inboundContent,
  inboundFile,
  type MediaFile,
  outboundContent,
  outboundFile,
  summaryOf,
} from "@/lib/inbox/content";
import {
  type Conversation,
  type Entry,
  MAX_UNREAD,
  type Page,
  type Person,
  type ReplyState,
  SEARCHED_TEXTS,
} from "@/lib/inbox/conversation";
import type { ConversationListQuery, EntryCursor } from "@/lib/inbox/schema";
import type { UserId } from "@/lib/tenant";

const CONVERSATIONS_SIZE = 30;
const ENTRIES_SIZE = 50;

/** One message that is written before it is posted. */
export type NewReply = {
  id: string;
  type: MessageContentType;
  content: object;
  /** Null: a text of one's own, for which the window must be open. */
  templateId: string | null;
};

/** Where WhatsApp finds the person. */
export type Addressee = {
  phone: string | null;
  waUserId: string | null;
  isInitiated: boolean;
  claimedAt: string;
};

const isUnread: Part = part`(conversation."lastSeenId" IS NULL OR conversation."lastSeenId" < conversation."lastInboundId")`;
const isOpen: Part = part`coalesce(contact."lastInboundAt" > now() - interval '24 hours', false)`;
/** What was only planned was not said. */
const isShown: Part = part`(message."direction" = 'inbound' OR message."status" NOT IN ('queued', 'skipped'))`;

/** When a `message` was said: a campaign's messages are stored long before they are sent. */
export const saidAt: Part = part`
  CASE message."direction" WHEN 'inbound' THEN coalesce(message."deliveredAt", message."createdAt")
    ELSE coalesce(message."sentAt", message."failedAt", message."createdAt") END`;

/** What people read in a message, as far as it is text. */
const words: Part = part`
  concat_ws(' ', message."content" #>> '{text,body}', message."content" #>> '{button,text}',
    message."content" #>> '{interactive,button_reply,title}', message."content" #>> '{interactive,list_reply,title}',
    message."content" #>> '{image,caption}', message."content" #>> '{video,caption}',
    message."content" #>> '{document,caption}', message."content" #>> '{document,filename}',
    CASE jsonb_typeof(message."content" -> 'text') WHEN 'string' THEN message."content" ->> 'text' END)`;

/** An id that is smaller than those of the last 25 hours: an hour more than a window, for clocks that differ. */
const recent: Part = part`
  (lpad(to_hex((extract(epoch FROM now() - interval '25 hours') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid`;

const filters: Record<ConversationListQuery["filter"], Part> = {
  all: part`true`,
  unread: isUnread,
  open: part`${isOpen} AND conversation."lastInboundId" > ${recent}`,
};

/** LIKE reads `%`, `_` and `\` as more than themselves. */
const pattern = (search: string) => `%${search.replace(/[\\%_]/g, "\\$&")}%`;

function matching(userId: UserId, search: string): Part {
  if (search === "") return part`true`;
  const text = pattern(search);
  const digits = search.replace(/[\s()+./-]/g, "").replace(/^0+/, "");
  const hasNumber: Part = /^\d{2,}$/.test(digits)
    ? part`contact."phone" LIKE ${pattern(digits)}`
    : part`false`;
  return part`(
    contact."name" ILIKE ${text} OR contact."email" ILIKE ${text} OR ${hasNumber} OR (
      conversation."lastInboundId" >= coalesce((
        SELECT "lastInboundId" FROM conversations WHERE "userId" = ${userId}
        ORDER BY "lastInboundId" DESC OFFSET ${SEARCHED_TEXTS - 1} LIMIT 1
      ), '00000000-0000-0000-0000-000000000000')
      AND EXISTS (
        SELECT FROM messages message
        WHERE message."userId" = ${userId} AND message."contactId" = conversation."contactId"
          AND ${isShown} AND ${words} ILIKE ${text})))`;
}

export const inboxRepository = {
  /** Who has written to us, the newest message first. */
  async list(userId: UserId, { filter, search, cursor }: ConversationListQuery): Promise<Page<Conversation>> {
    const rows = await sql<ConversationRow>`
      SELECT page.*, latest.* FROM (
        SELECT conversation."userId", conversation."contactId", conversation."lastInboundId", contact."name",
          contact."phone", ${isUnread} AS "isUnread", ${isOpen} AS "isOpen"
        FROM conversations conversation
        JOIN contacts contact ON contact."userId" = conversation."userId" AND contact."id" = conversation."contactId"
        WHERE conversation."userId" = ${userId} AND contact."deletedAt" IS NULL
          AND conversation."lastInboundId" < ${cursor ?? "ffffffff-ffff-ffff-ffff-ffffffffffff"}::uuid
          AND ${filters[filter]} AND ${matching(userId, search)}
        ORDER BY conversation."lastInboundId" DESC
        LIMIT ${CONVERSATIONS_SIZE + 1}
      ) AS page, LATERAL (
        SELECT message."direction", message."status", message."content", ${saidAt} AS at,
          campaign."templateSnapshot" AS snapshot
        FROM messages message
        LEFT JOIN campaigns campaign
          ON campaign."userId" = message."userId" AND campaign."id" = message."campaignId"
        WHERE message."userId" = page."userId" AND message."contactId" = page."contactId" AND ${isShown}
        ORDER BY ${saidAt} DESC, message."id" DESC
        LIMIT 1
      ) AS latest
      ORDER BY page."lastInboundId" DESC`;
    const items = rows.slice(0, CONVERSATIONS_SIZE).map(toConversation);
    return {
      items,
      nextCursor: rows.length > CONVERSATIONS_SIZE ? (items.at(-1)?.lastInboundId ?? null) : null,
    };
  },

  /** Up to one more than `MAX_UNREAD`. */
  async countUnread(userId: UserId): Promise<number> {
    const [row] = await sql<{ count: number }>`
      SELECT count(*)::int AS count FROM (
        SELECT FROM conversations conversation
        JOIN contacts contact ON contact."userId" = conversation."userId" AND contact."id" = conversation."contactId"
        WHERE conversation."userId" = ${userId} AND ${isUnread} AND contact."deletedAt" IS NULL
        LIMIT ${MAX_UNREAD + 1}
      ) AS unread`;
    return row?.count ?? 0;
  },

  async find(userId: UserId, contactId: string): Promise<Person | null> {
    const [person] = await sql<Person>`
      SELECT contact."id", contact."name", contact."phone", contact."optedIn", contact."optedOutAt",
        contact."isBlocked", contact."blockedReason", conversation."lastInboundId",
        coalesce(greatest(0, extract(epoch FROM contact."lastInboundAt" + interval '24 hours' - now()) * 1000), 0)::float
          AS "openForMs"
      FROM contacts contact
      LEFT JOIN conversations conversation
        ON conversation."userId" = contact."userId" AND conversation."contactId" = contact."id"
      WHERE contact."userId" = ${userId} AND contact."id" = ${contactId} AND contact."deletedAt" IS NULL`;
    return person ?? null;
  },

  async get(userId: UserId, contactId: string): Promise<Person> {
    const person = await inboxRepository.find(userId, contactId);
    if (!person) throw notFound("Conversation");
    return person;
  },

  /** What was said with a person in both directions, the latest last; `nextCursor` leads to what was said before. */
  async listEntries(userId: UserId, contactId: string, before?: EntryCursor): Promise<Page<Entry>> {
    const rows = await sql<EntryRow>`
      WITH page AS (
        SELECT message."id", message."userId", message."contactId", message."direction", message."status",
          message."errorMessage", message."whatsappMessageId", message."content", message."campaignId", ${saidAt} AS at
        FROM messages message
        WHERE message."userId" = ${userId} AND message."contactId" = ${contactId} AND ${isShown}
          AND (${saidAt}, message."id") < (${before?.at ?? "infinity"}::timestamptz, ${before?.id ?? "ffffffff-ffff-ffff-ffff-ffffffffffff"}::uuid)
        ORDER BY ${saidAt} DESC, message."id" DESC
        LIMIT ${ENTRIES_SIZE + 1}
      )
      SELECT page."id", page."direction", page."status", page."errorMessage", page."whatsappMessageId", page.at,
        page."content", campaign."templateSnapshot" AS snapshot, campaign."id" AS "campaignId",
        campaign."name" AS "campaignName", answered."id" AS "answeredId", answered."name" AS "answeredName",
        quoted."id" IS NOT NULL AS "isQuoted"
      FROM page
      LEFT JOIN campaigns campaign ON campaign."userId" = page."userId" AND campaign."id" = page."campaignId"
      LEFT JOIN messages quoted ON page."direction" = 'inbound' AND quoted."userId" = page."userId"
        AND quoted."whatsappMessageId" = page."content" #>> '{context,id}'
      LEFT JOIN LATERAL (
        SELECT message."campaignId" FROM messages message
        WHERE page."direction" = 'inbound' AND quoted."id" IS NULL AND message."userId" = page."userId"
          AND message."contactId" = page."contactId" AND message."campaignId" IS NOT NULL
          -- WhatsApp's instants are whole seconds.
          AND message."sentAt" < page.at + interval '1 second'
        ORDER BY message."sentAt" DESC LIMIT 1
      ) AS earlier ON true
      LEFT JOIN campaigns answered ON answered."userId" = page."userId"
        AND answered."id" = coalesce(quoted."campaignId", earlier."campaignId")
      ORDER BY page.at DESC, page."id" DESC`;
    const page = rows.slice(0, ENTRIES_SIZE);
    const earliest = page.at(-1);
    return {
      items: page.map(toEntry).reverse(),
      nextCursor:
        rows.length > ENTRIES_SIZE && earliest ? `${earliest.at.toISOString()}_${earliest.id}` : null,
    };
  },

  /**
   * Remembers how far the owner has read, which only grows: what comes in meanwhile stays unread. Null marks the
   * conversation unread.
   */
  async see(userId: UserId, contactId: string, messageId: string | null): Promise<void> {
    const seen = await sql`
      UPDATE conversations SET "lastSeenId" = CASE WHEN ${messageId}::uuid IS NOT NULL
        THEN greatest("lastSeenId", least(${messageId}::uuid, "lastInboundId")) END
      WHERE "userId" = ${userId} AND "contactId" = ${contactId}
      RETURNING "contactId"`;
    if (seen.length === 0) throw notFound("Conversation");
  },

  /**
   * Writes a reply down before it is posted, for exactly one caller, if the person may get it now: the window, a block
   * and what they agreed to are checked in the same statement, and wait for whoever is just changing them. Otherwise
   * `reason` says why not, and neither a reason nor an addressee means that this id is taken already.
   */
  async claimReply(
    userId: UserId,
    contactId: string,
    { id, type, content, templateId }: NewReply,
  ): Promise<{ addressee: Addressee | null; reason: string | null }> {
    const [row] = await sql<
      Omit<Addressee, "claimedAt"> & { reason: string | null; claimedAt: string | null }
    >`
      WITH person AS (
        SELECT contact."id", contact."phone", contact."waUserId", NOT ${isOpen} AS outside,
          CASE WHEN contact."isBlocked" THEN 'You have blocked this person. Unblock them to answer.'
            WHEN ${templateId}::uuid IS NULL AND NOT ${isOpen}
              THEN 'More than 24 hours have passed since this person last wrote, so only a template may be sent.'
            WHEN ${templateId}::uuid IS NULL THEN NULL
            WHEN template."id" IS NULL THEN 'This template is not approved any more. Choose another one.'
            WHEN NOT contact."optedIn" AND contact."optedOutAt" IS NOT NULL
              THEN 'This person has opted out, so no template may be sent.'
            WHEN NOT contact."optedIn" AND template."category" = 'marketing'
              THEN 'This person has not agreed to marketing, so only a utility template may be sent.'
          END AS reason
        FROM contacts contact
        LEFT JOIN templates template ON template."userId" = contact."userId"
          AND template."id" = ${templateId}::uuid AND template."status" = 'approved'
        WHERE contact."userId" = ${userId} AND contact."id" = ${contactId} AND contact."deletedAt" IS NULL
        FOR SHARE OF contact
      ), claimed AS (
        INSERT INTO messages ("id", "userId", "contactId", "direction", "type", "content", "status", "claimedAt",
          "initiatedAt")
        SELECT ${id}::uuid, ${userId}, person."id", 'outbound', ${type}::"MessageContentType",
          ${JSON.stringify(content)}::jsonb, 'sending', now(),
          CASE WHEN person.outside AND EXISTS (
            SELECT FROM lanes WHERE "userId" = ${userId} AND "messagingLimit" IS NOT NULL) THEN now() END
        FROM person WHERE person.reason IS NULL
        ON CONFLICT ("id") DO NOTHING
        RETURNING "claimedAt"::text
      )
      SELECT person."phone", person."waUserId", person.outside AS "isInitiated", person.reason,
        (SELECT "claimedAt" FROM claimed)
      FROM person`;
    if (!row) throw notFound("Conversation");
    const { reason, claimedAt, ...addressee } = row;
    return { addressee: claimedAt === null ? null : { ...addressee, claimedAt }, reason };
  },

  /** What has become of a reply. */
  async findReply(userId: UserId, contactId: string, id: string): Promise<ReplyState | null> {
    const [reply] = await sql<ReplyState>`
      SELECT "id", "status", "errorMessage" FROM messages
      WHERE "userId" = ${userId} AND "contactId" = ${contactId} AND "id" = ${id} AND "direction" = 'outbound'`;
    return reply ?? null;
  },

  /** The file of a message, as WhatsApp refers to it. */
  async findFile(userId: UserId, messageId: string): Promise<MediaFile | null> {
    const [message] = await sql<{ direction: MessageDirection; content: unknown }>`
      SELECT "direction", "content" FROM messages WHERE "userId" = ${userId} AND "id" = ${messageId}`;
    if (!message) return null;
    return message.direction === "inbound" ? inboundFile(message.content) : outboundFile(message.content);
  },
};

type Stored = { content: unknown; snapshot: unknown };

type ConversationRow = Omit<Conversation, "latest"> & Omit<Conversation["latest"], "summary"> & Stored;

type EntryRow = Omit<Entry, "at" | "content" | "campaign" | "answered"> &
  Stored & {
    at: Date;
    campaignId: string | null;
    campaignName: string | null;
    answeredId: string | null;
    answeredName: string | null;
    isQuoted: boolean;
  };

const contentOf = ({ direction, content, snapshot }: Stored & { direction: MessageDirection }): Content =>
  direction === "inbound" ? inboundContent(content) : outboundContent(content, snapshot);

function toConversation(row: ConversationRow): Conversation {
  const { contactId, lastInboundId, name, phone, isUnread, isOpen, at, direction, status } = row;
  const latest = { at, direction, status, summary: summaryOf(contentOf(row)) };
  return { contactId, lastInboundId, name, phone, isUnread, isOpen, latest };
}

function toEntry(row: EntryRow): Entry {
  const { id, direction, at, status, errorMessage, whatsappMessageId, isQuoted } = row;
  const campaignOf = (key: string | null, name: string | null) =>
    key !== null && name !== null ? { id: key, name } : null;
  const answered = campaignOf(row.answeredId, row.answeredName);
  return {
    ...{ id, direction, at, status, errorMessage, whatsappMessageId },
    content: contentOf(row),
    campaign: campaignOf(row.campaignId, row.campaignName),
    answered: answered && { ...answered, isQuoted },
  };
}
