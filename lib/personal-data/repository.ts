import { type Sql, sql } from "@/lib/db";
import { notFound } from "@/lib/errors";
import type { UserId } from "@/lib/tenant";

export const personalDataRepository = {
  /** Everything that is stored about a person, as it is stored. */
  async collect(userId: UserId, contactId: string): Promise<Record<string, unknown>> {
    const [row] = await sql<{ data: Record<string, unknown> }>`
      SELECT jsonb_build_object(
        'contact', to_jsonb(contact) - 'userId' - 'deletedAt',
        'import', (
          SELECT jsonb_build_object('fileName', "fileName", 'createdAt', "createdAt") FROM imports
          WHERE "userId" = ${userId} AND id = contact."importId"),
        'consent', coalesce((
          SELECT jsonb_agg(to_jsonb(event) - 'userId' - 'contactId' ORDER BY event.id) FROM consent_events event
          WHERE event."userId" = ${userId} AND event."contactId" = contact.id), '[]'),
        'messages', coalesce((
          SELECT jsonb_agg(to_jsonb(message) - 'userId' - 'contactId' || jsonb_build_object('campaign', campaign.name)
            ORDER BY message.id)
          FROM messages message
          LEFT JOIN campaigns campaign ON campaign."userId" = ${userId} AND campaign.id = message."campaignId"
          WHERE message."userId" = ${userId} AND message."contactId" = contact.id), '[]')
      ) AS data
      FROM contacts contact
      WHERE contact."userId" = ${userId} AND contact.id = ${contactId} AND contact."deletedAt" IS NULL`;
    if (!row) throw notFound("Contact");
    return row.data;
  },
};

/**
 * Deletes people, as far as they are there; returns how many were. Whoever took part in a campaign leaves an empty row
 * behind, so that its numbers stay true; whoever opted out or was blocked leaves the hash of the number, so that no import
 * opts them in again. What stays for a while, and why, is in docs/data-model.md.
 */
export async function eraseAll(sql: Sql, userId: UserId, ids: string[]): Promise<number> {
  // Waits for campaigns that are just adding them; only the next statements see what they added.
  const present = await sql`
    SELECT FROM contacts WHERE "userId" = ${userId} AND id = ANY(${ids}::uuid[]) AND "deletedAt" IS NULL
    ORDER BY id FOR UPDATE`;
  await sql`
    INSERT INTO suppressions ("userId", "phoneHash")
    SELECT ${userId}, suppression_hash(${userId}, phone) FROM contacts
    WHERE "userId" = ${userId} AND id = ANY(${ids}::uuid[]) AND phone IS NOT NULL
      AND ("optedOutAt" IS NOT NULL OR "isBlocked")
    ON CONFLICT ("userId", "phoneHash") DO NOTHING`;
  await sql`
    DELETE FROM contacts contact WHERE "userId" = ${userId} AND id = ANY(${ids}::uuid[])
      AND NOT EXISTS (SELECT FROM messages WHERE "userId" = ${userId} AND "contactId" = contact.id)`;
  await sql`
    UPDATE messages SET content = '{}', metadata = '{}', "updatedAt" = now()
    WHERE "userId" = ${userId} AND "contactId" = ANY(${ids}::uuid[])`;
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
