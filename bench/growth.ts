import { measureProcessor } from "@/bench/ingest";
import { medianOf, verdictOnRatio, whole } from "@/bench/report";
import type { Stage } from "@/bench/stage";
import { createContacts, createTenant, type Tenant } from "@/bench/tenant";

const FEW = 100_000;
const MANY = 10_000_000;
const PER_CAMPAIGN = 100_000;
/** Messages whose three statuses are applied in one round. */
const MEASURED = 20_000;
const TARGET = 1.5;

/**
 * What it costs to apply a status of the newest campaign, whose messages are sent, when there are few messages in all,
 * and when there are many.
 */
export async function benchGrowth(stage: Stage, { count = MANY, rounds = 5 }): Promise<void> {
  const { database } = stage;
  const tenant = await createTenant(stage, 1000);
  await createContacts(database, tenant.userId, PER_CAMPAIGN);
  const receiver = await stage.openWorker("receive");

  const measure = async () => {
    const { rows } = await database.query<{ count: number }>("SELECT count(*)::int AS count FROM messages");
    await measureProcessor(stage, tenant, receiver, MEASURED, true);
    const perSecond: number[] = [];
    for (let round = 1; round <= rounds; round++)
      perSecond.push(await measureProcessor(stage, tenant, receiver, MEASURED, true));
    const microseconds = 1_000_000 / medianOf(perSecond);
    console.log(`${whole(rows[0]?.count ?? 0)} messages: ${microseconds.toFixed(1)} µs a status`);
    return microseconds;
  };

  await fill(stage, tenant, Math.min(FEW, count));
  const few = await measure();
  await fill(stage, tenant, count - Math.min(FEW, count));
  const many = await measure();
  console.log(verdictOnRatio("growth", many / few, "at most", TARGET));
}

/** Messages of campaigns that are over. Indexes are built at the end and nothing is checked: the rows are as they should be. */
async function fill({ database }: Stage, { userId }: Tenant, count: number): Promise<void> {
  if (count === 0) return;
  const startedAt = performance.now();
  const { rows: indexes } = await database.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
     LEFT JOIN pg_constraint ON conindid = indexrelid
     WHERE indrelid = 'messages'::regclass AND pg_constraint.oid IS NULL`,
  );
  await database.query("SET session_replication_role = replica; SET maintenance_work_mem = '512MB'");
  for (const { name } of indexes) await database.query(`DROP INDEX ${name}`);
  for (let left = count; left > 0; left -= PER_CAMPAIGN) {
    await database.query(
      `WITH campaign AS (
         INSERT INTO campaigns ("userId", "name", "messageType", "messageContent", "status", "completedAt")
         VALUES ($1, 'Earlier', 'template', '{}', 'completed', now()) RETURNING "id"
       )
       INSERT INTO messages ("userId", "campaignId", "contactId", "direction", "type", "content", "status",
         "whatsappMessageId", "sentAt", "deliveredAt", "readAt", "category", "pricingType")
       SELECT $1, campaign."id", contact."id", 'outbound', 'template', '{"parameters": ["Asha", "20%"]}', 'read',
         'wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI1' || upper(replace(gen_random_uuid()::text, '-', '')) || 'AA==',
         now(), now(), now(), 'marketing', 'regular'
       FROM campaign, (SELECT "id" FROM contacts WHERE "userId" = $1 LIMIT $2) AS contact`,
      [userId, Math.min(left, PER_CAMPAIGN)],
    );
  }
  for (const { definition } of indexes) await database.query(definition);
  await database.query("RESET session_replication_role; RESET maintenance_work_mem");
  await database.query("VACUUM ANALYZE messages");
  await database.query("CHECKPOINT");
  console.log(`filled in ${whole(count)} messages in ${whole((performance.now() - startedAt) / 1000)} s`);
}
