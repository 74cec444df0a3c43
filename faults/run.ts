import { setTimeout as sleep } from "node:timers/promises";
import { type Evidence, figuresOf, type Violation, violationsIn } from "@/faults/checker";
import { readEvidence } from "@/faults/evidence";
import { comesTrue } from "@/faults/patience";
import { nameOf, planOf } from "@/faults/plan";
import type { Stage } from "@/faults/stage";
import { strike, type Traces } from "@/faults/strike";
import { launch, openTenant, type Tenant, tryTo } from "@/faults/tenant";
import { createRandom, hash } from "@/local/sandbox/random";

export type RunOptions = {
  seed: number;
  recipients: number;
  messagesPerSecond: number;
  /** Few faults besides the deaths. */
  isShort: boolean;
  /** Lets time pass faster where a run would only wait: for a claim to be given up, for the next sweep. */
  isHurried: boolean;
};

export type RunResult = {
  faults: string[];
  figures: ReturnType<typeof figuresOf>;
  violations: Violation[];
  seconds: number;
};

const TENANTS = ["asha", "bruno"];
const RESUME_EVERY_MS = 1_000;
/** A claim is given up after two minutes, and the sweep comes every minute. */
const WAIT_MS = 5 * 60_000;
const STANDSTILL_MS = 3_000;

/** One campaign of each tenant, the faults of this seed, and the judgement. */
export async function runOnce(stage: Stage, options: RunOptions): Promise<RunResult> {
  const { seed, recipients, messagesPerSecond, isShort, isHurried } = options;
  const startedAt = performance.now();
  const random = createRandom(hash(`faults ${seed}`));
  const tenants: Tenant[] = [];
  for (const name of TENANTS) tenants.push(await openTenant(stage, name, recipients, messagesPerSecond));
  const { ledgerSeq } = await stage.sandbox.health();
  const spanMs = (1000 * recipients) / messagesPerSecond;
  const plan = planOf({ random, spanMs, tenants: tenants.length, isShort });
  const traces: Traces = { crashes: [], forgeries: [] };
  const lapse = new Map<string, number>();

  for (const tenant of tenants) await launch(tenant);
  const keeper = keepGoing(stage, tenants);
  await Promise.all(
    plan.map(async ({ afterMs, fault }) => {
      await sleep(afterMs);
      await strike(stage, tenants, fault, traces);
    }),
  );
  await stage.sandbox.clearFaults();
  const limit = WAIT_MS + spanMs * 1.2;
  const nudge = isHurried ? nudging(stage, tenants, lapse) : () => noteClaims(stage, tenants, lapse);
  const waitUntil = (condition: (stage: Stage, tenants: Tenant[]) => Promise<boolean>) =>
    comesTrue(async () => {
      if (await condition(stage, tenants)) return true;
      await nudge();
      return false;
    }, limit);
  await waitUntil(hasNothingInFlight);
  await stage.sandbox.change({ webhooksPaused: false });
  await waitUntil(isQuiet);
  await keeper.stop();

  const evidence: Evidence = await readEvidence(stage, tenants, { ledgerSeq, lapse, ...traces });
  return {
    faults: plan.map(({ fault }) => nameOf(fault)),
    figures: figuresOf(evidence),
    violations: violationsIn(evidence),
    seconds: (performance.now() - startedAt) / 1000,
  };
}

/** An owner who resumes what has paused, whatever paused it, and a Meta that lets go what it held back. */
function keepGoing(stage: Stage, tenants: Tenant[]) {
  let isOver = false;
  const done = (async () => {
    while (!isOver) {
      for (const tenant of tenants) {
        await stage.sandbox.releaseHeld(tenant.phoneNumberId);
        const [campaign] = await stage.query<{ status: string }>(
          `SELECT "status" FROM campaigns WHERE "userId" = $1 AND "id" = $2`,
          [tenant.userId, tenant.campaignId],
        );
        if (campaign?.status === "paused") await tryTo("resume", tenant);
      }
      await sleep(RESUME_EVERY_MS);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await done;
    },
  };
}

/** The instant of a claim is forgotten when the claim is given up, and the judge has to know it. */
async function noteClaims({ query }: Stage, tenants: Tenant[], claims: Map<string, number>): Promise<void> {
  const rows = await query<{ id: string; at: number }>(
    `SELECT "id", (extract(epoch FROM "claimedAt") * 1000)::float AS at FROM messages
     WHERE "userId" = ANY($1) AND "status" = 'sending'`,
    [tenants.map(({ userId }) => userId)],
  );
  for (const { id, at } of rows) claims.set(id, at);
}

async function hasNothingInFlight({ query }: Stage, tenants: Tenant[]): Promise<boolean> {
  const [left] = await query<{ count: number }>(
    `SELECT count(*)::int AS count FROM messages
     WHERE "userId" = ANY($1) AND "status" = 'sending' OR EXISTS (
       SELECT FROM campaigns WHERE "userId" = ANY($1) AND "frozenAt" IS NULL)`,
    [tenants.map(({ userId }) => userId)],
  );
  return left?.count === 0;
}

/** Nothing is left to be sent, to be told or to be read. */
async function isQuiet({ query, sandbox }: Stage, tenants: Tenant[]): Promise<boolean> {
  const [left] = await query<{ count: number }>(
    `SELECT (
       (SELECT count(*) FROM campaigns WHERE "userId" = ANY($1) AND "status" <> 'completed') +
       (SELECT count(*) FROM webhook_events WHERE "userId" = ANY($1) AND NOT "processed"))::int AS count`,
    [tenants.map(({ userId }) => userId)],
  );
  return left?.count === 0 && (await sandbox.health()).outstanding === 0;
}

/**
 * When nothing has moved for a while, claims become two minutes older, of which `lapse` keeps the true
 * instants, and the engine is told what it is told after a restart, which lets it sweep.
 */
function nudging(stage: Stage, tenants: Tenant[], lapse: Map<string, number>): () => Promise<void> {
  const userIds = tenants.map(({ userId }) => userId);
  let last = "";
  let movedAt = performance.now();
  return async () => {
    const rows = await stage.query(
      `SELECT "status", count(*) FROM messages WHERE "userId" = ANY($1) GROUP BY 1 ORDER BY 1`,
      [userIds],
    );
    const { ledgerSeq } = await stage.sandbox.health();
    const now = JSON.stringify([rows, ledgerSeq]);
    if (now !== last) movedAt = performance.now();
    last = now;
    if (performance.now() - movedAt < STANDSTILL_MS) return;
    movedAt = performance.now();
    const aged = await stage.query<{ id: string; at: number }>(
      `UPDATE messages SET "claimedAt" = "claimedAt" - interval '2 minutes'
       WHERE "userId" = ANY($1) AND "status" = 'sending' AND "claimedAt" > now() - interval '2 minutes'
       RETURNING "id", (extract(epoch FROM "claimedAt" + interval '2 minutes') * 1000)::float AS at`,
      [userIds],
    );
    for (const { id, at } of aged) lapse.set(id, at);
    await stage.sendEvent("server/started");
  };
}
