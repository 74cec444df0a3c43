import { db, sql } from "@/lib/db";
import type { UserId } from "@/lib/tenant";

/** Longer than any pause of a healthy process, shorter than anybody would wait. */
const LEASE_SECONDS = 15;
/** Meta's messaging limit and quality are asked again after this long. */
const FRESH_HOURS = 6;

export type Lane = {
  /** Messages/s that WhatsApp's refusals had lowered the rate to, and how long ago (ms); null: never. */
  throttled: { to: number; agoMs: number } | null;
  /** People per rolling 24 hours outside a service window; null: no limit, or none known. */
  messagingLimit: number | null;
  /** Whether limit and quality should be read from Meta again. */
  isStale: boolean;
};

type Row = {
  throttledTo: number | null;
  agoMs: number | null;
  messagingLimit: number | null;
  isStale: boolean;
};

export const laneRepository = {
  /** The lane for its new owner, or how many ms the present one may keep it without renewing. */
  async acquire(userId: UserId, owner: string): Promise<Lane | { busyMs: number }> {
    const [row] = await sql<Row>`
      INSERT INTO lanes ("userId", "leaseOwner", "leaseUntil")
      VALUES (${userId}, ${owner}, now() + ${LEASE_SECONDS} * interval '1 second')
      ON CONFLICT ("userId") DO UPDATE SET "leaseOwner" = excluded."leaseOwner", "leaseUntil" = excluded."leaseUntil"
      WHERE lanes."leaseUntil" IS NULL OR lanes."leaseUntil" <= now()
      RETURNING "throttledTo", (extract(epoch FROM now() - "throttledAt") * 1000)::float AS "agoMs", "messagingLimit",
        "readAt" IS NULL OR "readAt" < now() - ${FRESH_HOURS} * interval '1 hour' AS "isStale"`;
    if (!row) return { busyMs: await laneRepository.findBusyMs(userId) };
    const { throttledTo, agoMs, messagingLimit, isStale } = row;
    const throttled = throttledTo === null || agoMs === null ? null : { to: throttledTo, agoMs };
    return { throttled, messagingLimit, isStale };
  },

  /** What Meta told of the number; nothing while it was not asked. */
  async find(userId: UserId) {
    const lane = await db.lane.findUnique({
      where: { userId },
      select: { messagingLimit: true, qualityRating: true },
    });
    return lane ?? { messagingLimit: null, qualityRating: null };
  },

  async findBusyMs(userId: UserId): Promise<number> {
    const [row] = await sql<{ ms: number }>`
      SELECT greatest(0, extract(epoch FROM "leaseUntil" - now()) * 1000)::float AS ms FROM lanes
      WHERE "userId" = ${userId} AND "leaseUntil" IS NOT NULL`;
    return row?.ms ?? 0;
  },

  /** False when the lane has gone to somebody else in the meantime. */
  async renew(userId: UserId, owner: string): Promise<boolean> {
    const renewed = await sql`
      UPDATE lanes SET "leaseUntil" = now() + ${LEASE_SECONDS} * interval '1 second'
      WHERE "userId" = ${userId} AND "leaseOwner" = ${owner} AND "leaseUntil" > now()
      RETURNING "userId"`;
    return renewed.length === 1;
  },

  async release(userId: UserId, owner: string): Promise<void> {
    await sql`
      UPDATE lanes SET "leaseOwner" = NULL, "leaseUntil" = NULL
      WHERE "userId" = ${userId} AND "leaseOwner" = ${owner}`;
  },

  /** From now on every process sends for this account at no more than `rate` messages/s, and recovers from there. */
  async throttle(userId: UserId, rate: number): Promise<void> {
    await sql`UPDATE lanes SET "throttledTo" = ${rate}, "throttledAt" = now() WHERE "userId" = ${userId}`;
  },

  /** The account has another number, of which nothing is known. */
  async forget(userId: UserId): Promise<void> {
    await sql`
      UPDATE lanes SET "throttledTo" = NULL, "throttledAt" = NULL, "messagingLimit" = NULL, "qualityRating" = NULL,
        "readAt" = NULL
      WHERE "userId" = ${userId}`;
  },

  /** What Meta says of the number. Null: not told, which leaves what is known. */
  async remember(
    userId: UserId,
    told: { messagingLimit: number | "unlimited" | null; qualityRating: string | null },
  ): Promise<void> {
    const limit = told.messagingLimit;
    await sql`
      INSERT INTO lanes ("userId", "messagingLimit", "qualityRating", "readAt")
      VALUES (${userId}, ${limit === "unlimited" ? null : limit}, ${told.qualityRating}, now())
      ON CONFLICT ("userId") DO UPDATE SET "readAt" = now(),
        "messagingLimit" = CASE WHEN ${limit === null}::boolean THEN lanes."messagingLimit" ELSE excluded."messagingLimit" END,
        "qualityRating" = coalesce(excluded."qualityRating", lanes."qualityRating")`;
  },
};
