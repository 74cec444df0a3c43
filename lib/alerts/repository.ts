import { db, sql } from "@/lib/db";
import type { UserId } from "@/lib/tenant";

/** What an owner must know and see to. At most one is open per account and key, however often it happens. */
export const alertRepository = {
  /** Opens an alert, or counts on the one that is open, with the newest words. */
  async open(userId: UserId, key: string, message: string): Promise<void> {
    await sql`
      INSERT INTO alerts ("userId", "key", "message") VALUES (${userId}, ${key}, ${message})
      ON CONFLICT ("userId", "key") WHERE "resolvedAt" IS NULL
      DO UPDATE SET "count" = alerts."count" + 1, "message" = excluded."message", "updatedAt" = now()`;
  },

  async resolve(userId: UserId, key: string): Promise<void> {
    await sql`
      UPDATE alerts SET "resolvedAt" = now(), "updatedAt" = now()
      WHERE "userId" = ${userId} AND "key" = ${key} AND "resolvedAt" IS NULL`;
  },

  /** All whose key begins with `prefix`. */
  async resolveAll(userId: UserId, prefix: string): Promise<void> {
    await sql`
      UPDATE alerts SET "resolvedAt" = now(), "updatedAt" = now()
      WHERE "userId" = ${userId} AND starts_with("key", ${prefix}) AND "resolvedAt" IS NULL`;
  },

  /** The newest first. */
  listOpen(userId: UserId) {
    return db.alert.findMany({
      where: { userId, resolvedAt: null },
      select: { id: true, key: true, message: true, count: true, createdAt: true, updatedAt: true },
      orderBy: { id: "desc" },
      take: 50,
    });
  },
};
