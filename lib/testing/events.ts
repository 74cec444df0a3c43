import { sql } from "@/lib/db";
import type { UserId } from "@/lib/tenant";

type Planted = {
  /** Days ago. */
  age?: number;
  kind?: string;
  processed?: boolean;
  errorMessage?: string | null;
  payload?: object;
};

/** A stored webhook event of this age, with the id that it would have got then. */
export async function plantEvent(userId: UserId | null, planted: Planted = {}): Promise<string> {
  const [id = ""] = await plantEvents(userId, [planted]);
  return id;
}

export async function plantEvents(userId: UserId | null, planted: Planted[]): Promise<string[]> {
  const events = planted.map(({ age = 0, kind = "message_status", errorMessage = null, ...rest }) => ({
    ...{ age, kind, errorMessage, processed: rest.processed ?? errorMessage === null },
    payload: JSON.stringify(rest.payload ?? {}),
  }));
  const rows = await sql<{ id: string }>`
    INSERT INTO webhook_events ("id", "userId", "eventType", "payload", "processed", "errorMessage", "receivedAt")
    SELECT CASE WHEN age = 0 THEN uuid_v7()
        ELSE overlay(uuid_v7()::text PLACING left(uuid_v7_floor(at)::text, 13) FROM 1)::uuid END,
      ${userId}, kind, payload::jsonb, processed, error, at
    FROM (
      SELECT event.*, now() - event.age * interval '1 day' AS at FROM unnest(
        ${events.map(({ age }) => age)}::float8[], ${events.map(({ kind }) => kind)}::text[],
        ${events.map(({ payload }) => payload)}::text[], ${events.map(({ processed }) => processed)}::bool[],
        ${events.map(({ errorMessage }) => errorMessage)}::text[]
      ) WITH ORDINALITY AS event (age, kind, payload, processed, error, number)
    ) AS event ORDER BY event.number
    RETURNING "id"`;
  return rows.map(({ id }) => id);
}
