import { medianOf, verdictOnRatio, whole } from "@/bench/report";
import type { Stage } from "@/bench/stage";
import { createCampaign, createContacts, createTenant, requireAll } from "@/bench/tenant";
import type { Filter } from "@/lib/contact-filters/schema";

const TARGET = 2;

/** Conditions that everybody here meets. */
const conditions: Filter = [
  { field: "tags", match: "none", tags: ["staff"] },
  { field: "last_reply", period: { when: "not_within", days: 30 } },
  { field: "last_message", period: { when: "not_within", days: 7 } },
];

/**
 * Freezing an audience with a rendered name and a rendered field, of everybody and by conditions, against one bare
 * INSERT … SELECT of the very rows that came of it.
 */
export async function benchFreeze(stage: Stage, { count = 1_000_000, rounds = 3 }): Promise<void> {
  const { database } = stage;
  const { userId } = await createTenant(stage, 80);
  const freezer = await stage.openWorker("freeze");
  await createContacts(database, userId, count);

  const product = async (filter: Filter = []) => {
    await emptyMessages(stage);
    const campaignId = await createCampaign(database, userId, filter);
    const { seconds } = await freezer.ask<{ seconds: number }>({ userId, campaignId });
    await requireAll(database, campaignId, "queued", count);
    return seconds;
  };
  const baseline = async () => {
    await emptyMessages(stage);
    const startedAt = performance.now();
    await database.query(
      `INSERT INTO messages ("userId", "campaignId", "contactId", "notBefore", "direction", "type", "content")
       SELECT "userId", "campaignId", "contactId", "notBefore", "direction", "type", "content" FROM frozen`,
    );
    return (performance.now() - startedAt) / 1000;
  };

  await product();
  await database.query("CREATE UNLOGGED TABLE frozen AS SELECT * FROM messages");
  const ratios: number[] = [];
  const filtered: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const [frozen, chosen, inserted] = [await product(), await product(conditions), await baseline()];
    ratios.push(frozen / inserted);
    filtered.push(chosen / inserted);
    console.log(
      `round ${round}: ${whole(count)} people frozen in ${frozen.toFixed(1)} s, by conditions in ${chosen.toFixed(1)} s, bare INSERT … SELECT ${inserted.toFixed(1)} s, ratios ${(frozen / inserted).toFixed(2)} and ${(chosen / inserted).toFixed(2)}`,
    );
  }
  console.log(verdictOnRatio("freeze", medianOf(ratios), "at most", TARGET));
  console.log(verdictOnRatio("freeze by conditions", medianOf(filtered), "at most", TARGET));
}

async function emptyMessages({ database }: Stage): Promise<void> {
  await database.query("TRUNCATE messages CASCADE");
  await database.query("CHECKPOINT");
}
