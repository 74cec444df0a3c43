import { setTimeout as sleep } from "node:timers/promises";
import { verdictOn, whole } from "@/bench/report";
import { wakeLane } from "@/bench/server";
import type { Stage } from "@/bench/stage";
import { createContacts, createTenant, queueCampaign, type Tenant } from "@/bench/tenant";

const PER_SECOND = 1000;
const STATUSES_PER_SECOND = 3000;
const TEXTS_PER_SECOND = 300;
const POLL_MS = 50;
/** Not being done after so long is a failure, not a figure. */
const PATIENCE_MS = 120_000;

type Flood = { calls: number; refused: number; p50: number; p99: number; most: number; seconds: number };

/**
 * What Meta sends to a number at its highest rate, each report in a call of its own and a text with every eleventh, at
 * fixed instants and not when the server is ready, while the same server sends 1,000 messages/s to others.
 */
export async function benchFlood(stage: Stage, { seconds = 300 }): Promise<void> {
  const { database, sandbox } = stage;
  const count = seconds * PER_SECOND;
  const tenant = await createTenant(stage, PER_SECOND);
  await sandbox.change({ pairIntervalMs: 0 });
  await createContacts(database, tenant.userId, count);
  const reported = await sentCampaign(database, tenant, count);
  const { rows: people } = await database.query<{ phone: string }>(
    `SELECT "phone" FROM contacts WHERE "userId" = $1 ORDER BY "id" LIMIT 10000`,
    [tenant.userId],
  );
  const stack = await stage.startServer();
  const caller = await stage.openWorker("flood");
  const sendingId = await queueCampaign(database, tenant.userId, count);

  await wakeLane(stack, tenant);
  const flood = await caller.ask<Flood>({
    port: Number(new URL(stack.url).port),
    sender: tenant.account,
    seconds,
    messageIds: reported.messageIds,
    statusesPerSecond: STATUSES_PER_SECOND,
    waIds: people.map(({ phone }) => phone.slice(1)),
    textsPerSecond: TEXTS_PER_SECOND,
  });
  const endedAt = performance.now();
  const sent = await countersOf(database, sendingId);
  await untilProcessed(database);
  const lag = (performance.now() - endedAt) / 1000;
  await untilSent(database, sendingId, count);
  console.log(
    `${whole(flood.calls)} calls in ${flood.seconds.toFixed(1)} s, answered after ${whole(flood.p50)} ms at the median, ${whole(flood.p99)} ms for 99 %, ${whole(flood.most)} ms at most; meanwhile ${whole(sent.sentCount / flood.seconds)} messages/s were sent`,
  );
  await requireExact(database, tenant, sendingId, { sentCount: count, deliveredCount: 0, readCount: 0 });
  const all = { sentCount: count, deliveredCount: count, readCount: count };
  await requireExact(database, tenant, reported.campaignId, all);
  await requireTexts(database, tenant, seconds * TEXTS_PER_SECOND);
  console.log("all counters equal the rows, and every status and text has left its trace");
  console.log(verdictOn("flood, median", `${whole(flood.p50)} ms`, flood.p50, "at most", 250));
  console.log(verdictOn("flood, 99 %", `${whole(flood.p99)} ms`, flood.p99, "below", 1000));
  console.log(verdictOn("flood, answers but 200", String(flood.refused), flood.refused, "at most", 0));
  console.log(verdictOn("flood, lag of processing", `${lag.toFixed(1)} s`, lag, "below", 2));
}

/** A campaign that was sent an hour ago, of which nobody has heard since. */
async function sentCampaign(database: Stage["database"], { userId }: Tenant, count: number) {
  const campaignId = await queueCampaign(database, userId, count);
  const { rows } = await database.query<{ id: string }>(
    `UPDATE messages SET "status" = 'sent', "sentAt" = now() - interval '1 hour', "notBefore" = NULL
     WHERE "campaignId" = $1 RETURNING "id"`,
    [campaignId],
  );
  await database.query(
    `UPDATE campaigns SET "status" = 'completed', "completedAt" = now(), "sentCount" = $2 WHERE "id" = $1`,
    [campaignId, count],
  );
  await database.query("VACUUM ANALYZE messages");
  return { campaignId, messageIds: rows.map(({ id }) => id) };
}

type Counters = { sentCount: number; deliveredCount: number; readCount: number };

async function countersOf(database: Stage["database"], campaignId: string): Promise<Counters> {
  const { rows } = await database.query<Counters>(
    `SELECT "sentCount", "deliveredCount", "readCount" FROM campaigns WHERE "id" = $1`,
    [campaignId],
  );
  return rows[0] ?? { sentCount: 0, deliveredCount: 0, readCount: 0 };
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`After two minutes ${what}.`);
    await sleep(POLL_MS);
  }
}

const untilProcessed = (database: Stage["database"]) =>
  until("not all events are processed", async () => {
    const { rows } = await database.query(`SELECT FROM webhook_events WHERE processed = false LIMIT 1`);
    return rows.length === 0;
  });

const untilSent = (database: Stage["database"], campaignId: string, count: number) =>
  until("not all messages are sent", async () => (await countersOf(database, campaignId)).sentCount >= count);

/** Throws unless a campaign's counters are these and what a recount over its rows says. */
async function requireExact(
  database: Stage["database"],
  { userId }: Tenant,
  campaignId: string,
  expected: Counters,
): Promise<void> {
  const { rows } = await database.query<Counters>(
    `SELECT count("sentAt")::int AS "sentCount", count("deliveredAt")::int AS "deliveredCount",
       count("readAt")::int AS "readCount"
     FROM messages WHERE "userId" = $1 AND "campaignId" = $2`,
    [userId, campaignId],
  );
  const [counters, recount] = [await countersOf(database, campaignId), rows[0]];
  for (const each of [counters, recount]) {
    if (JSON.stringify(each) !== JSON.stringify(expected)) {
      throw new Error(`Counters ${JSON.stringify(counters)} and rows ${JSON.stringify(recount)} differ.`);
    }
  }
}

async function requireTexts(database: Stage["database"], { userId }: Tenant, count: number): Promise<void> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM messages WHERE "userId" = $1 AND "direction" = 'inbound'`,
    [userId],
  );
  if (rows[0]?.count !== count) throw new Error(`${rows[0]?.count} of ${count} texts were kept.`);
}
