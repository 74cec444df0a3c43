import { sql } from "@/lib/db";
import { type UserId, userIdSchema } from "@/lib/tenant";

export type NewWebhookEvent = { userId: UserId | null; eventType: string; payload: object };
export type PendingWebhookEvent = { id: string; userId: UserId | null; payload: unknown };

export const webhookEventRepository = {
  /** Keeps what Meta sent, all or nothing. Only after this may it be acknowledged. */
  async record(events: NewWebhookEvent[]): Promise<void> {
    await sql`
      INSERT INTO webhook_events ("userId", "eventType", "payload")
      SELECT * FROM unnest(
        ${events.map(({ userId }) => userId)}::uuid[],
        ${events.map(({ eventType }) => eventType)}::text[],
        ${events.map(({ payload }) => JSON.stringify(payload))}::jsonb[])`;
  },

  /** The oldest events nobody has processed, without those that failed or wait for their message. */
  async findUnprocessed(limit = 100): Promise<PendingWebhookEvent[]> {
    return pending(
      await sql<StoredEvent>`
      SELECT "id", "userId", "payload" FROM webhook_events
      WHERE "processed" = false AND "errorMessage" IS NULL
      ORDER BY "receivedAt" ASC, "id" ASC LIMIT ${limit}`,
    );
  },

  /** Events of the last day that failed or wait for their message, the longest untried first. */
  async findParked(limit = 500): Promise<PendingWebhookEvent[]> {
    return pending(
      await sql<StoredEvent>`
      UPDATE webhook_events SET "processedAt" = now()
      WHERE "id" IN (
        SELECT "id" FROM webhook_events
        WHERE "processed" = false AND "errorMessage" IS NOT NULL AND "receivedAt" > now() - interval '1 day'
        ORDER BY "processedAt" ASC LIMIT ${limit})
      RETURNING "id", "userId", "payload"`,
    );
  },

  async markProcessed(ids: string[]): Promise<void> {
    await sql`
      UPDATE webhook_events SET "processed" = true, "processedAt" = now(), "errorMessage" = NULL
      WHERE "id" = ANY(${ids}::uuid[])`;
  },

  /** Not processed, with the reason; tried again for a day. `processedAt` is the last try. */
  async park(ids: string[], reason: string): Promise<void> {
    await sql`
      UPDATE webhook_events SET "errorMessage" = ${reason}, "processedAt" = now() WHERE "id" = ANY(${ids}::uuid[])`;
  },

  /** Returns how many were deleted, of all tenants. */
  async deleteOldEvents(days: number): Promise<number> {
    const deleted = await sql`
      DELETE FROM webhook_events WHERE "receivedAt" < now() - ${days}::int * interval '1 day' RETURNING "id"`;
    return deleted.length;
  },
};

type StoredEvent = { id: string; userId: string | null; payload: unknown };

const pending = (rows: StoredEvent[]): PendingWebhookEvent[] =>
  rows.map((row) => ({ ...row, userId: row.userId === null ? null : userIdSchema.parse(row.userId) }));
