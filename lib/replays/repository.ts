import { part, sql } from "@/lib/db";
import type { ReplayStatus } from "@/lib/db/generated/enums";
import { finished, matching, repeatable } from "@/lib/event-console/repository";
import { type EventFilter, eventFilterSchema } from "@/lib/event-console/schema";
import { type UserId, userIdSchema } from "@/lib/tenant";

export type Replay = {
  id: string;
  status: ReplayStatus;
  totalCount: number;
  doneCount: number;
  failedCount: number;
  errorMessage: string | null;
  createdAt: Date;
  completedAt: Date | null;
};

const columns = part`"id", "status", "totalCount", "doneCount", "failedCount", "errorMessage", "createdAt", "completedAt"`;

export const replayRepository = {
  /** Null when one of the account is running already. */
  async start(userId: UserId, filter: EventFilter, totalCount: number): Promise<string | null> {
    const [started] = await sql<{ id: string }>`
      INSERT INTO replays ("userId", "filter", "totalCount") VALUES (${userId}, ${JSON.stringify(filter)}::jsonb, ${totalCount})
      ON CONFLICT ("userId") WHERE status = 'running' DO NOTHING
      RETURNING "id"`;
    return started?.id ?? null;
  },

  async findLatest(userId: UserId): Promise<Replay | null> {
    const [replay] = await sql<Replay>`
      SELECT ${columns} FROM replays WHERE "userId" = ${userId} ORDER BY "id" DESC LIMIT 1`;
    return replay ?? null;
  },

  /**
   * Takes the next events of a running replay and notes in the same statement how far it is. Those that may be repeated
   * are then as if nobody had processed them yet; the others stay as they are. None are left when it is empty: then the replay has ended.
   */
  async takeNext(userId: UserId, id: string, size: number): Promise<string[]> {
    const [replay] = await sql<{ filter: unknown }>`
      SELECT "filter" FROM replays WHERE "userId" = ${userId} AND "id" = ${id} AND "status" = 'running'`;
    if (!replay) return [];
    const taken = await sql<{ id: string }>`
      WITH replay AS (
        SELECT "position", "untilId" FROM replays
        WHERE "userId" = ${userId} AND "id" = ${id} AND "status" = 'running' FOR UPDATE
      ), batch AS (
        SELECT event."id" FROM replay, LATERAL (
          SELECT event."id" FROM webhook_events event
          WHERE ${matching(userId, eventFilterSchema.parse(replay.filter))} AND event."id" < replay."untilId"
            AND event."id" > coalesce(replay."position", '00000000-0000-0000-0000-000000000000')
          ORDER BY event."id" LIMIT ${size}
        ) AS event
      ), reset AS (
        UPDATE webhook_events event SET "processed" = false, "processedAt" = NULL, "errorMessage" = NULL
        FROM batch WHERE event."userId" = ${userId} AND event."id" = batch."id" AND ${finished} AND ${repeatable}
      ), moved AS (
        UPDATE replays SET "updatedAt" = now(), "doneCount" = "doneCount" + (SELECT count(*) FROM batch),
          "position" = coalesce((SELECT "id" FROM batch ORDER BY "id" DESC LIMIT 1), replays."position"),
          "status" = CASE WHEN EXISTS (SELECT FROM batch) THEN 'running' ELSE 'completed' END::"ReplayStatus",
          "completedAt" = CASE WHEN EXISTS (SELECT FROM batch) THEN NULL ELSE now() END
        FROM replay WHERE replays."userId" = ${userId} AND replays."id" = ${id}
      )
      SELECT "id" FROM batch ORDER BY "id"`;
    return taken.map((row) => row.id);
  },

  /** What has become of events so far: `pending` ones are not processed yet. */
  async countOutcomes(userId: UserId, eventIds: string[]): Promise<{ pending: number; failed: number }> {
    const [row] = await sql<{ pending: number; failed: number }>`
      SELECT count(*) FILTER (WHERE NOT "processed" AND "errorMessage" IS NULL)::int AS pending,
        count(*) FILTER (WHERE NOT "processed" AND "errorMessage" IS NOT NULL)::int AS failed
      FROM webhook_events WHERE "userId" = ${userId} AND "id" = ANY(${eventIds}::uuid[])`;
    return row ?? { pending: 0, failed: 0 };
  },

  async addFailed(userId: UserId, id: string, failed: number): Promise<void> {
    await sql`
      UPDATE replays SET "failedCount" = "failedCount" + ${failed}, "updatedAt" = now()
      WHERE "userId" = ${userId} AND "id" = ${id}`;
  },

  /** Ends a running replay before it is through. False when it has ended already. */
  async end(
    userId: UserId,
    id: string,
    status: "stopped" | "failed",
    errorMessage: string | null = null,
  ): Promise<boolean> {
    const ended = await sql`
      UPDATE replays SET "status" = ${status}::"ReplayStatus", "errorMessage" = ${errorMessage}, "completedAt" = now(),
        "updatedAt" = now()
      WHERE "userId" = ${userId} AND "id" = ${id} AND "status" = 'running'
      RETURNING "id"`;
    return ended.length === 1;
  },

  /** For the sweep: running replays that nobody has moved on for a while. */
  async findAbandonedOfAllTenants(): Promise<{ userId: UserId; replayId: string }[]> {
    const rows = await sql<{ userId: string; id: string }>`
      SELECT "userId", "id" FROM replays WHERE "status" = 'running' AND "updatedAt" < now() - interval '2 minutes'`;
    return rows.map(({ userId, id }) => ({ userId: userIdSchema.parse(userId), replayId: id }));
  },
};
