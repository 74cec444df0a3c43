import { CAMPAIGN_ALERTS, TEMPLATE_ALERTS, UNKNOWN_CODE_ALERTS } from "@/lib/alerts/keys";
import { db, sql } from "@/lib/db";
import type { UserId } from "@/lib/tenant";

const PAGE_SIZE = 50;

/** What the owner must know and see to. An alert stays open until its cause is over; at most one is open per key. */
export const alertRepository = {
  /** Opens an alert; of one that is open already, the newest message counts. None that would be over already. */
  async open(userId: UserId, key: string, message: string, endsAt: Date | null = null): Promise<void> {
    await sql`
      INSERT INTO alerts ("userId", "key", "message", "endsAt")
      SELECT ${userId}, ${key}, ${message}, ${endsAt}::timestamptz WHERE coalesce(${endsAt}::timestamptz > now(), true)
      ON CONFLICT ("userId", "key") WHERE "resolvedAt" IS NULL
      DO UPDATE SET "message" = excluded."message", "endsAt" = excluded."endsAt", "count" = alerts."count" + 1,
        "updatedAt" = now()`;
  },

  async resolve(userId: UserId, key: string): Promise<void> {
    await sql`
      UPDATE alerts SET "resolvedAt" = now(), "updatedAt" = now()
      WHERE "userId" = ${userId} AND "key" = ${key} AND "resolvedAt" IS NULL`;
  },

  /** Every open alert whose key begins like this. */
  async resolveAll(userId: UserId, prefix: string): Promise<void> {
    await sql`
      UPDATE alerts SET "resolvedAt" = now(), "updatedAt" = now()
      WHERE "userId" = ${userId} AND starts_with("key", ${prefix}) AND "resolvedAt" IS NULL`;
  },

  /**
   * For the sweep: what is over by itself. Alerts that have come to their end, about campaigns that are not paused any
   * more, about campaigns and templates that are gone, and about codes that nobody knows when none has come for a day.
   */
  async resolveOverOfAllTenants(): Promise<void> {
    await sql`
      UPDATE alerts SET "resolvedAt" = now(), "updatedAt" = now()
      WHERE "resolvedAt" IS NULL AND (
        starts_with("key", ${UNKNOWN_CODE_ALERTS}) AND "updatedAt" < now() - interval '1 day'
        OR "endsAt" <= now()
        OR starts_with("key", ${TEMPLATE_ALERTS}) AND NOT EXISTS (
          SELECT FROM templates WHERE templates."userId" = alerts."userId"
            AND templates."id"::text = split_part(alerts."key", ':', 2))
        OR starts_with("key", ${CAMPAIGN_ALERTS}) AND NOT EXISTS (
          SELECT FROM campaigns WHERE campaigns."userId" = alerts."userId"
            AND ${CAMPAIGN_ALERTS}::text || campaigns."id" = alerts."key" AND campaigns."status" = 'paused'))`;
  },

  /** The newest first, of those whose key begins like this. */
  listOpen(userId: UserId, prefix = "") {
    return db.alert.findMany({
      where: { userId, resolvedAt: null, key: { startsWith: prefix } },
      select: { id: true, key: true, message: true, count: true, createdAt: true, updatedAt: true },
      orderBy: { id: "desc" },
      take: PAGE_SIZE,
    });
  },
};
