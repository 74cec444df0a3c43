import type { TimelineEntry, TimelinePage } from "@/lib/contact-timelines/entry";
import { part, sql } from "@/lib/db";
import type { MessageDirection } from "@/lib/db/generated/enums";
import { inboundContent, outboundContent, summaryOf } from "@/lib/inbox/content";
import { saidAt } from "@/lib/inbox/repository";
import type { EntryCursor } from "@/lib/inbox/schema";
import type { UserId } from "@/lib/tenant";

const PAGE_SIZE = 30;

type Entry<Kind extends TimelineEntry["kind"]> = Extract<TimelineEntry, { kind: Kind }> & { at: Date };

type MessageRow = Omit<Entry<"message">, "kind" | "summary" | "campaign"> & {
  content: unknown;
  snapshot: unknown;
  campaignId: string | null;
  campaignName: string | null;
};

export const contactTimelineRepository = {
  /**
   * What happened with a person, the newest first: messages in both directions, the consent ledger, and imports that made
   * or changed them. Each is read by the person's own index, a page at most; a page of all of them is the newest of each.
   */
  async page(userId: UserId, contactId: string, before?: EntryCursor): Promise<TimelinePage> {
    const [messages, consent, imports] = await Promise.all([
      listMessages(userId, contactId, before),
      listConsent(userId, contactId, before),
      listImports(userId, contactId, before),
    ]);
    const found = [...messages, ...consent, ...imports].sort(
      (one, other) => Number(other.at) - Number(one.at) || (one.id < other.id ? 1 : -1),
    );
    const items = found.slice(0, PAGE_SIZE);
    const last = items.at(-1);
    const hasMore = found.length > PAGE_SIZE && last;
    return { items, nextCursor: hasMore ? `${last.at.toISOString()}_${last.id}` : null };
  },
};

/** For rows with `at` and `id`. */
const pageOf = (before: EntryCursor | undefined) => part`
  WHERE (at, id) < (${before?.at ?? "infinity"}::timestamptz, ${before?.id ?? "ffffffff-ffff-ffff-ffff-ffffffffffff"}::uuid)
  ORDER BY at DESC, id DESC LIMIT ${PAGE_SIZE + 1}`;

async function listMessages(
  userId: UserId,
  contactId: string,
  before?: EntryCursor,
): Promise<Entry<"message">[]> {
  const rows = await sql<MessageRow>`
    SELECT page.id, page.at, page.direction, page.status, page."errorMessage", page.content,
      campaign."templateSnapshot" AS snapshot, campaign.id AS "campaignId", campaign.name AS "campaignName"
    FROM (
      SELECT * FROM (
        SELECT message.id, message.direction, message.status, message."errorMessage", message.content,
          message."campaignId", ${saidAt} AS at
        FROM messages message WHERE message."userId" = ${userId} AND message."contactId" = ${contactId}
      ) AS said ${pageOf(before)}
    ) AS page
    LEFT JOIN campaigns campaign ON campaign."userId" = ${userId} AND campaign.id = page."campaignId"
    ORDER BY page.at DESC, page.id DESC`;
  return rows.map(({ content, snapshot, campaignId, campaignName, ...row }) => ({
    ...row,
    kind: "message",
    summary: summaryOf(contentOf(row.direction, content, snapshot)),
    campaign: campaignId !== null && campaignName !== null ? { id: campaignId, name: campaignName } : null,
  }));
}

const contentOf = (direction: MessageDirection, content: unknown, snapshot: unknown) =>
  direction === "inbound" ? inboundContent(content) : outboundContent(content, snapshot);

async function listConsent(
  userId: UserId,
  contactId: string,
  before?: EntryCursor,
): Promise<Entry<"consent">[]> {
  const rows = await sql<Omit<Entry<"consent">, "kind">>`
    SELECT page.*, file."fileName" FROM (
      SELECT * FROM (
        SELECT id, action, source, wording, "importId", "fileRow", coalesce("occurredAt", "createdAt") AS at
        FROM consent_events WHERE "userId" = ${userId} AND "contactId" = ${contactId}
      ) AS said ${pageOf(before)}
    ) AS page
    LEFT JOIN imports file ON file."userId" = ${userId} AND file.id = page."importId"
    ORDER BY page.at DESC, page.id DESC`;
  return rows.map((row) => ({ ...row, kind: "consent" }));
}

/** Who was only opted in or left alone by an undo has that in the ledger. */
async function listImports(
  userId: UserId,
  contactId: string,
  before?: EntryCursor,
): Promise<Entry<"import">[]> {
  const rows = await sql<Omit<Entry<"import">, "kind" | "importId">>`
    SELECT * FROM (
      SELECT file.id, file."fileName", true AS "isNew", contact."createdAt" AS at, (
        SELECT "fileRow" FROM consent_events event
        WHERE event."userId" = ${userId} AND event."contactId" = contact.id AND event."importId" = file.id
        ORDER BY event.id LIMIT 1) AS line
      FROM contacts contact JOIN imports file ON file."userId" = ${userId} AND file.id = contact."importId"
      WHERE contact."userId" = ${userId} AND contact.id = ${contactId} AND contact."deletedAt" IS NULL
      UNION ALL
      SELECT file.id, file."fileName", false, change."createdAt", change.line
      FROM import_changes change JOIN imports file ON file."userId" = ${userId} AND file.id = change."importId"
      WHERE change."userId" = ${userId} AND change."contactId" = ${contactId} AND change.before IS NOT NULL
    ) AS happened ${pageOf(before)}`;
  return rows.map((row) => ({ ...row, kind: "import", importId: row.id }));
}
