import { sql } from "@/lib/db";
import type { Claimed } from "@/lib/messages/settlement";
import { type UserId, userIdSchema } from "@/lib/tenant";

export type Confirmation = Claimed & { userId: UserId; waUserId: string | null; text: string };

/** The answer to an opt-out: a message of no campaign that waits in the queue. `metadata.confirmation` tells it apart. */
export const confirmationRepository = {
  /** Where it is given, the person gets it once, and only while the window of what they wrote is open. */
  async queue(userId: UserId, contactId: string, text: string): Promise<boolean> {
    const queued = await sql`
      INSERT INTO messages ("userId", "contactId", "direction", "type", "content", "metadata", "notBefore")
      SELECT contact."userId", contact."id", 'outbound', 'text', ${JSON.stringify({ text })}::jsonb,
        '{"confirmation": true}', now()
      FROM contacts contact
      WHERE contact."userId" = ${userId} AND contact."id" = ${contactId} AND contact."deletedAt" IS NULL
        AND NOT contact."isBlocked" AND contact."lastInboundAt" > now() - interval '24 hours'
      RETURNING "id"`;
    return queued.length === 1;
  },

  /**
   * Takes what is due, commits before anything is posted, and gives each to exactly one caller. What has waited for a
   * quarter of an hour would surprise more than it confirms, and is skipped; as is what has found the window closed.
   */
  async claimOfAllTenants(limit: number): Promise<Confirmation[]> {
    const rows = await sql<Confirmation & { userId: string; isClaimed: boolean }>`
      WITH due AS (
        SELECT message."id", coalesce(contact."phone", '') AS "phone", contact."waUserId",
          NOT contact."isBlocked" AND message."createdAt" > now() - interval '15 minutes'
            AND coalesce(contact."lastInboundAt" > now() - interval '24 hours', false) AS "isClaimed"
        FROM messages message
        JOIN contacts contact ON contact."userId" = message."userId" AND contact."id" = message."contactId"
        WHERE message."campaignId" IS NULL AND message."notBefore" <= now() AND message."status" = 'queued'
          AND message."metadata" ? 'confirmation'
        ORDER BY message."notBefore" LIMIT ${limit} FOR UPDATE OF message SKIP LOCKED
      )
      UPDATE messages SET "notBefore" = NULL, "updatedAt" = now(),
        "status" = CASE WHEN due."isClaimed" THEN 'sending' ELSE 'skipped' END::"MessageStatus",
        "claimedAt" = CASE WHEN due."isClaimed" THEN now() END,
        "errorMessage" = CASE WHEN NOT due."isClaimed" THEN 'The confirmation could not be sent in time' END
      FROM due WHERE messages."id" = due."id"
      RETURNING messages."id", messages."userId", due."phone", due."waUserId", messages."content" ->> 'text' AS text,
        messages."retryCount", messages."claimedAt"::text, due."isClaimed", '{}'::text[] AS parameters, false AS "isInitiated"`;
    return rows
      .filter(({ isClaimed }) => isClaimed)
      .map((row) => ({ ...row, userId: userIdSchema.parse(row.userId) }));
  },
};
