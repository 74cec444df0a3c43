import { sql } from "@/lib/db";
import type { UserId } from "@/lib/tenant";

export const standingRepository = {
  /**
   * Whether nothing later than this is known about a subject, by Meta's clock, and remembers it. Reports of the same
   * second count in the order in which they come, so one may be applied again.
   */
  async isNewest(userId: UserId, subject: string, reportedAt: Date): Promise<boolean> {
    const noted = await sql`
      INSERT INTO standings ("userId", "subject", "reportedAt") VALUES (${userId}, ${subject}, ${reportedAt})
      ON CONFLICT ("userId", "subject") DO UPDATE SET "reportedAt" = excluded."reportedAt"
      WHERE standings."reportedAt" <= excluded."reportedAt"
      RETURNING "userId"`;
    return noted.length === 1;
  },
};
