import { randomUUID } from "node:crypto";
import { medianOf, verdictOnRatio, whole } from "@/bench/report";
import type { Stage } from "@/bench/stage";
import { createContacts, createTenant, queueCampaign, type Tenant } from "@/bench/tenant";

const TARGET = 0.8;
const SMALL = 10_000;

/** How fast messages are claimed from a long queue, against a short one beside it in the same table. */
export async function benchClaim(stage: Stage, { count = 1_000_000, rounds = 5 }): Promise<void> {
  const { database } = stage;
  const claimer = await stage.openWorker("claim");
  const [large, small] = [await openLane(stage, count), await openLane(stage, SMALL)];
  const long = await queueCampaign(database, large.userId, count);

  const claim = async ({ userId, owner }: Lane, campaignId: string) => {
    const { seconds, claimed } = await claimer.ask<{ seconds: number; claimed: number }>({
      userId,
      campaignId,
      owner,
      count: SMALL,
    });
    if (claimed !== SMALL) throw new Error(`${SMALL} messages should be claimed, but ${claimed} were.`);
    return claimed / seconds;
  };
  const claimShort = async () => {
    const short = await queueCampaign(database, small.userId, SMALL);
    const rate = await claim(small, short);
    // The same people are claimed again at once, which the next round must not take for a second message to them.
    await database.query(`DELETE FROM messages WHERE "campaignId" = $1`, [short]);
    return rate;
  };

  await claimShort();
  await claim(large, long);
  const ratios: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const [ofShort, ofLong] = [await claimShort(), await claim(large, long)];
    ratios.push(ofLong / ofShort);
    console.log(
      `round ${round}: from ${whole(count)} queued ${whole(ofLong)}/s, from ${whole(SMALL)} queued ${whole(ofShort)}/s, ratio ${(ofLong / ofShort).toFixed(2)}`,
    );
  }
  console.log(verdictOnRatio("claim", medianOf(ratios), "at least", TARGET));
}

type Lane = Tenant & { owner: string };

/** A tenant with people, whose lane is held for the benchmark. */
async function openLane(stage: Stage, count: number): Promise<Lane> {
  const tenant = await createTenant(stage, 80);
  await createContacts(stage.database, tenant.userId, count);
  const owner = randomUUID();
  await stage.database.query(
    `INSERT INTO lanes ("userId", "leaseOwner", "leaseUntil") VALUES ($1, $2, now() + interval '1 hour')`,
    [tenant.userId, owner],
  );
  return { ...tenant, owner };
}
