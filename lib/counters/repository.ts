import type { Recount } from "@/lib/counters/queries";
import { transaction } from "@/lib/db";
import { notFound } from "@/lib/errors";
import type { UserId } from "@/lib/tenant";

export const counterRepository = {
  /**
   * Counts a campaign's messages again and puts its counters right. Rows and counters are read at one instant, at which
   * they must be equal, and what differs is added to the counters as they are by then: so it neither holds up webhooks
   * while it counts nor loses what they count meanwhile. Of several at once each counts after the one before it.
   */
  recount(userId: UserId, campaignId: string): Promise<Recount> {
    return transaction(async (sql) => {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended('recount ' || ${campaignId}, 0))`;
      const [row] = await sql<Recount>`
        WITH counted AS MATERIALIZED (
          SELECT count("sentAt")::int AS "sent", count("deliveredAt")::int AS "delivered",
            count("readAt")::int AS "read", count("failedAt")::int AS "failed"
          FROM messages WHERE "userId" = ${userId} AND "campaignId" = ${campaignId}
        ), seen AS MATERIALIZED (
          SELECT "id", "sentCount", "deliveredCount", "readCount", "failedCount" FROM campaigns
          WHERE "userId" = ${userId} AND "id" = ${campaignId}
        ), repaired AS (
          UPDATE campaigns SET "updatedAt" = now(),
            "sentCount" = campaigns."sentCount" + counted."sent" - seen."sentCount",
            "deliveredCount" = campaigns."deliveredCount" + counted."delivered" - seen."deliveredCount",
            "readCount" = campaigns."readCount" + counted."read" - seen."readCount",
            "failedCount" = campaigns."failedCount" + counted."failed" - seen."failedCount"
          FROM counted, seen
          WHERE campaigns."id" = seen."id"
            AND (counted."sent", counted."delivered", counted."read", counted."failed")
              <> (seen."sentCount", seen."deliveredCount", seen."readCount", seen."failedCount")
        )
        SELECT to_jsonb(seen) - 'id' AS before,
          jsonb_build_object('sentCount', counted."sent", 'deliveredCount', counted."delivered",
            'readCount', counted."read", 'failedCount', counted."failed") AS after
        FROM counted, seen`;
      if (!row) throw notFound("Campaign");
      return row;
    });
  },
};
