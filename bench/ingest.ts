import { medianOf, verdictOn, verdictOnRatio, whole } from "@/bench/report";
import type { Stage } from "@/bench/stage";
import { createContacts, createTenant, queueCampaign, requireAll, type Tenant } from "@/bench/tenant";
import type { Worker } from "@/bench/worker";

const REPORTS = ["sent", "delivered", "read"].length;
const BATCH = 100;
/** So many times the messages, or there were too few calls to measure. */
const BATCHED = 3;
const APPLIED_PER_SECOND = 15_000;

/**
 * Signed webhooks against a bare listener that verifies and parses them and keeps nothing. With one status a call, they
 * are durable and applied when they are answered; with a hundred they are durable then, and how soon all of them are
 * applied is said besides. Then how fast the processor applies what was only stored.
 */
export async function benchIngest(stage: Stage, { count = 20_000, rounds = 3 }): Promise<void> {
  const { database } = stage;
  const tenant = await createTenant(stage, 1000);
  await createContacts(database, tenant.userId, count * BATCHED);
  const receiver = await stage.openWorker("receive");
  const caller = await stage.openWorker("call");
  const ports = await receiver.ask<Ports>({ listen: { appSecret: tenant.account.appSecret } });

  const setting = { tenant, receiver, caller, ports };

  const ratiosOf = async (messages: number, perCall: number) => {
    const ratios: number[] = [];
    await measure(stage, setting, 2000, perCall);
    for (let round = 1; round <= rounds; round++) {
      const { calls, product, applied, bare } = await measure(stage, setting, messages, perCall);
      ratios.push(product / bare);
      console.log(
        `round ${round}: ${whole(calls)} calls of ${perCall}, product ${whole(product)}/s (all applied: ${whole(applied)} statuses/s), bare ${whole(bare)}/s, ratio ${(product / bare).toFixed(2)}`,
      );
    }
    return medianOf(ratios);
  };

  const single = await ratiosOf(count, 1);
  const batched = await ratiosOf(count * BATCHED, BATCH);
  const applied = await measureProcessor(stage, tenant, receiver, count);
  console.log(verdictOnRatio("ingest, one status a call", single, "at least", 0.25));
  console.log(verdictOnRatio(`ingest, ${BATCH} statuses a call`, batched, "at least", 0.35));
  console.log(
    verdictOn("processor", `${whole(applied)} statuses/s`, applied, "at least", APPLIED_PER_SECOND),
  );
}

type Ports = { product: number; bare: number };
type Setting = { tenant: Tenant; receiver: Worker; caller: Worker; ports: Ports };

async function measure(
  { database }: Stage,
  { tenant, receiver, caller, ports }: Setting,
  count: number,
  perCall: number,
) {
  const { campaignId, messageIds } = await sentCampaign(database, tenant, count);
  const { calls } = await caller.ask<{ calls: number }>({
    prepare: { sender: tenant.account, messageIds, perCall },
  });
  const bare = await caller.ask<{ seconds: number }>({ call: { port: ports.bare } });
  const product = await caller.ask<{ seconds: number }>({ call: { port: ports.product } });
  const rest = await receiver.ask<{ seconds: number }>("finish");
  await requireAll(database, campaignId, "read", count);
  await requireCounters(database, campaignId, count);
  return {
    calls,
    bare: calls / bare.seconds,
    product: calls / product.seconds,
    applied: (count * REPORTS) / (product.seconds + rest.seconds),
  };
}

/**
 * How many statuses are applied in a second when they were only stored, a hundred an event: three of every message,
 * whose answer has not been written down yet, or has.
 */
export async function measureProcessor(
  { database }: Stage,
  tenant: Tenant,
  receiver: Worker,
  count: number,
  isAnswered = false,
): Promise<number> {
  const { campaignId } = await sentCampaign(database, tenant, count);
  if (isAnswered) {
    await database.query(
      `WITH answered AS (
         UPDATE messages SET "status" = 'sent', "sentAt" = now(), "claimedAt" = NULL, "whatsappMessageId" = 'wamid.' || "id"
         WHERE "campaignId" = $1
       )
       UPDATE campaigns SET "sentCount" = $2 WHERE "id" = $1`,
      [campaignId, count],
    );
    await database.query("VACUUM ANALYZE messages");
    await database.query("CHECKPOINT");
  }
  await database.query(
    `INSERT INTO webhook_events ("userId", "eventType", "payload")
     SELECT $1::uuid, 'message_status', jsonb_build_object('entry', jsonb_build_array(jsonb_build_object('id', $2::text, 'changes',
       jsonb_build_array(jsonb_build_object('field', 'messages', 'value', jsonb_build_object(
         'metadata', jsonb_build_object('phone_number_id', $3::text), 'statuses', jsonb_agg(status)))))))
     FROM (
       SELECT state.step, (row_number() OVER (PARTITION BY state.step ORDER BY "id") - 1) / $5::int AS chunk,
         jsonb_build_object('id', 'wamid.' || "id", 'status', state.name, 'timestamp', (1790000000 + state.step)::text,
           'biz_opaque_callback_data', "id", 'recipient_id', '16505551234') AS status
       FROM messages, unnest(ARRAY['sent', 'delivered', 'read']) WITH ORDINALITY AS state (name, step)
       WHERE "campaignId" = $4::uuid
     ) AS report GROUP BY step, chunk ORDER BY step, chunk`,
    [tenant.userId, tenant.account.wabaId, tenant.account.phoneNumberId, campaignId, BATCH],
  );
  await database.query("VACUUM ANALYZE webhook_events");
  const { seconds } = await receiver.ask<{ seconds: number }>("process");
  await requireAll(database, campaignId, "read", count);
  await requireCounters(database, campaignId, count);
  console.log(`processor: ${whole(count * REPORTS)} statuses in ${seconds.toFixed(1)} s`);
  return (count * REPORTS) / seconds;
}

async function sentCampaign(database: Stage["database"], { userId }: Tenant, count: number) {
  const campaignId = await queueCampaign(database, userId, count);
  const { rows } = await database.query<{ id: string }>(
    `UPDATE messages SET "status" = 'sending', "claimedAt" = now(), "notBefore" = NULL WHERE "campaignId" = $1 RETURNING "id"`,
    [campaignId],
  );
  await database.query("VACUUM ANALYZE messages");
  await database.query("CHECKPOINT");
  return { campaignId, messageIds: rows.map(({ id }) => id) };
}

async function requireCounters(
  database: Stage["database"],
  campaignId: string,
  count: number,
): Promise<void> {
  const { rows } = await database.query<Record<string, number>>(
    `SELECT "sentCount", "deliveredCount", "readCount" FROM campaigns WHERE "id" = $1`,
    [campaignId],
  );
  const counters = Object.values(rows[0] ?? {});
  if (counters.length !== REPORTS || counters.some((counter) => counter !== count)) {
    throw new Error(`All counters should be ${count}, but they are ${counters.join(", ")}.`);
  }
}
