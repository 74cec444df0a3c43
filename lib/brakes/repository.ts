import type { CanaryOutcome, Evidence } from "@/lib/brakes/brake";
import { type Part, part, sql } from "@/lib/db";
import type { UserId } from "@/lib/tenant";

/** How far back the brake looks: ten seconds of the highest rate, a minute of an ordinary one. */
const JUDGED_ROWS = 12_000;

/** How long ago WhatsApp took a message whose failure would be known by now: most within seconds, some within a minute. */
const SETTLED_SECONDS = [10, 60];

type CampaignEvidence = Evidence & {
  id: string;
  runSince: Date | null;
  /** The first part is being sent. */
  isCanaryOut: boolean;
  /** The wait after it is over. */
  isCanaryDue: boolean;
};

/**
 * Two shares of the last hundred in this run: refused, of what WhatsApp answered; failed, of what it took some time ago.
 * Deliveries are not asked for: they are reported later than failures, so at a start most of what is known has failed.
 * Looks at what was posted last: the rows before the first that waits.
 */
const recentOutcomes: Part = part`
  WITH recent AS NOT MATERIALIZED (
    SELECT message."id", message."sentAt", message."deliveredAt", message."failedAt" FROM messages message
    WHERE campaign."failedCount" > 0 AND message."campaignId" = campaign."id"
      AND message."id" < coalesce((
        SELECT waiting."id" FROM messages waiting
        WHERE waiting."campaignId" = campaign."id" AND waiting."status" = 'queued'
          AND waiting."notBefore" <= campaign."frozenAt"
        ORDER BY waiting."notBefore", waiting."id" LIMIT 1), 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    ORDER BY message."id" DESC LIMIT ${JUDGED_ROWS}
  ), answered AS (
    SELECT "sentAt" IS NULL AS "isRefused" FROM recent WHERE coalesce("sentAt", "failedAt") >= campaign."runSince"
    ORDER BY "id" DESC LIMIT 100
  ), settled AS (
    SELECT settled.* FROM unnest(${SETTLED_SECONDS}::int[]) AS age ("seconds"), LATERAL (
      SELECT count(*)::int AS "taken",
        count(*) FILTER (WHERE "failedAt" IS NOT NULL AND "deliveredAt" IS NULL)::int AS "failed"
      FROM (
        SELECT "failedAt", "deliveredAt" FROM recent
        WHERE "sentAt" >= campaign."runSince" AND "sentAt" <= now() - age."seconds" * interval '1 second'
        ORDER BY "id" DESC LIMIT 100
      ) AS latest
    ) AS settled
    ORDER BY settled."failed" DESC LIMIT 1
  )
  SELECT settled.*, (SELECT count(*)::int FROM answered) AS "answered",
    (SELECT count(*)::int FROM answered WHERE "isRefused") AS "refused"
  FROM settled`;

/** What stops a campaign by itself: what it is judged by, and its first part. */
export const brakeRepository = {
  /** What the brake looks at, for every sending campaign of an account. */
  async findEvidence(userId: UserId): Promise<CampaignEvidence[]> {
    return sql<CampaignEvidence>`
      SELECT campaign."id", campaign."runSince", account."brakePercent", template."name" AS "templateName",
        template."status"::text AS "templateStatus", campaign."sentCount",
        coalesce(lane."qualityRating" = 'RED' AND (lane."readAt" >= campaign."runSince"
          OR campaign."runSince" = campaign."startedAt"), false) AS "isQualityRed",
        campaign."canaryUntil" IS NOT NULL AND campaign."canarySentAt" IS NULL AS "isCanaryOut",
        coalesce(campaign."canaryUntil" IS NOT NULL AND campaign."canarySentAt"
          + campaign."canaryMinutes" * interval '1 minute' <= now(), false) AS "isCanaryDue",
        outcome.*, leaver.*
      FROM campaigns campaign
      JOIN users account ON account."id" = campaign."userId"
      LEFT JOIN templates template ON template."userId" = campaign."userId" AND template."id" = campaign."templateId"
      LEFT JOIN lanes lane ON lane."userId" = campaign."userId",
      LATERAL (${recentOutcomes}) AS outcome, LATERAL (
        SELECT count(DISTINCT event."contactId")::int AS "optedOut"
        FROM consent_events event
        JOIN messages message ON message."userId" = event."userId" AND message."contactId" = event."contactId"
          AND message."campaignId" = campaign."id" AND message."sentAt" <= event."createdAt"
        WHERE event."userId" = campaign."userId" AND event."action" = 'opt_out'
          AND event."source" IN ('webhook', 'keyword', 'button', 'whatsapp_settings')
          AND event."createdAt" >= campaign."runSince"
      ) AS leaver
      WHERE campaign."userId" = ${userId} AND campaign."status" = 'processing' AND campaign."frozenAt" IS NOT NULL
      ORDER BY campaign."id"`;
  },

  /** Pauses a campaign for what it did in this run: false when it has stopped or was resumed since. */
  async stopRun(userId: UserId, id: string, runSince: Date | null, reason: string): Promise<boolean> {
    const stopped = await sql`
      UPDATE campaigns SET "status" = 'paused', "pauseReason" = ${reason}, "updatedAt" = now()
      WHERE "userId" = ${userId} AND "id" = ${id} AND "status" = 'processing'
        AND "runSince" IS NOT DISTINCT FROM ${runSince}::timestamptz
      RETURNING "id"`;
    return stopped.length === 1;
  },

  /** Notes of every campaign whose first part has left that it has: from then on the wait counts. */
  async markCanariesSent(userId: UserId): Promise<void> {
    await sql`
      UPDATE campaigns SET "canarySentAt" = now(), "updatedAt" = now()
      WHERE "userId" = ${userId} AND "status" = 'processing' AND "canaryUntil" IS NOT NULL AND "canarySentAt" IS NULL
        AND coalesce((
          SELECT message."id" FROM messages message
          WHERE message."campaignId" = campaigns."id" AND message."status" = 'queued'
            AND message."notBefore" <= campaigns."frozenAt"
          ORDER BY message."notBefore", message."id" LIMIT 1) > "canaryUntil", true)
        AND NOT EXISTS (
          SELECT FROM messages message WHERE message."campaignId" = campaigns."id" AND message."status" = 'queued'
            AND message."notBefore" > campaigns."frozenAt" AND message."id" <= campaigns."canaryUntil")
        AND NOT EXISTS (
          SELECT FROM messages message WHERE message."campaignId" = campaigns."id" AND message."status" = 'sending'
            AND message."claimedAt" IS NOT NULL AND message."id" <= campaigns."canaryUntil")`;
  },

  /** What became of the first part of a campaign, also of what was posted before it was last resumed or has no answer. */
  async findCanaryOutcome(userId: UserId, id: string): Promise<CanaryOutcome> {
    const [outcome] = await sql<CanaryOutcome>`
      SELECT count(*)::int AS "posted",
        count(*) FILTER (WHERE message."deliveredAt" IS NOT NULL)::int AS "arrived",
        count(*) FILTER (WHERE message."failedAt" IS NOT NULL AND message."deliveredAt" IS NULL)::int AS "failed"
      FROM campaigns campaign
      JOIN messages message ON message."userId" = campaign."userId" AND message."campaignId" = campaign."id"
        AND message."id" <= campaign."canaryUntil"
      WHERE campaign."userId" = ${userId} AND campaign."id" = ${id}
        AND message."status" NOT IN ('queued', 'skipped')`;
    return outcome ?? { posted: 0, arrived: 0, failed: 0 };
  },

  /**
   * Lets a campaign go on to everybody else. For its owner at any time, otherwise when the wait after the first part is
   * over. True for exactly one caller.
   */
  async releaseCanary(userId: UserId, id: string, { onlyIfDue }: { onlyIfDue: boolean }): Promise<boolean> {
    const released = await sql`
      UPDATE campaigns SET "canaryUntil" = NULL, "updatedAt" = now()
      WHERE "userId" = ${userId} AND "id" = ${id} AND "status" = 'processing' AND "canaryUntil" IS NOT NULL
        AND (NOT ${onlyIfDue} OR "canarySentAt" + "canaryMinutes" * interval '1 minute' <= now())
      RETURNING "id"`;
    return released.length === 1;
  },

  /** The same, and pauses it: whoever resumes it then sends it to everybody else. */
  async stopCanary(userId: UserId, id: string, runSince: Date | null, reason: string): Promise<boolean> {
    const stopped = await sql`
      UPDATE campaigns SET "canaryUntil" = NULL, "status" = 'paused', "pauseReason" = ${reason}, "updatedAt" = now()
      WHERE "userId" = ${userId} AND "id" = ${id} AND "status" = 'processing' AND "canaryUntil" IS NOT NULL
        AND "runSince" IS NOT DISTINCT FROM ${runSince}::timestamptz
        AND "canarySentAt" + "canaryMinutes" * interval '1 minute' <= now()
      RETURNING "id"`;
    return stopped.length === 1;
  },
};
