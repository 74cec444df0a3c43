import { setTimeout as sleep } from "node:timers/promises";
import { medianOf, verdictOnRatio, whole } from "@/bench/report";
import type { Stage } from "@/bench/stage";
import { createContacts, createTenant, openAccount, queueCampaign, requireAll } from "@/bench/tenant";

const UNTHROTTLED = 100_000;
const TARGET = 0.45;

/** Meta takes a message for a person every six seconds, and each round writes to the same people. */
const PAIR_MS = 6000;

/** Claim, POST and settle by the product, against a bare loop that posts the same bodies and keeps nothing. */
export async function benchSend(stage: Stage, { count = 20_000, rounds = 5 }): Promise<void> {
  const { database, sandbox } = stage;
  const tenant = await createTenant(stage, UNTHROTTLED);
  const bare = await openAccount(stage, UNTHROTTLED);
  await sandbox.change({ pairIntervalMs: 0 });
  await createContacts(database, tenant.userId, count);
  const sender = await stage.openWorker("send");
  const poster = await stage.openWorker("post");

  const measure = async (size: number) => {
    await sleep(PAIR_MS);
    const campaignId = await queueCampaign(database, tenant.userId, size);
    const after = await sandbox.ledgerEnd();
    const product = await sender.ask<{ seconds: number }>({ userId: tenant.userId });
    await requireAll(database, campaignId, "sent", size);
    const posted = await sandbox.requestsOf(tenant.account.phoneNumberId, after);
    const baseline = await poster.ask<{ seconds: number }>({
      post: {
        url: sandbox.url,
        path: `/${bare.phoneNumberId}/messages`,
        accessToken: bare.accessToken,
        bodies: posted.map(({ body }) => JSON.stringify(body)),
        webhooks: 0,
      },
    });
    return { product: size / product.seconds, baseline: posted.length / baseline.seconds };
  };

  await measure(Math.min(count, 3000));
  const ratios: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const { product, baseline } = await measure(count);
    ratios.push(product / baseline);
    console.log(
      `round ${round}: ${whole(count)} messages, product ${whole(product)}/s, bare loop ${whole(baseline)}/s, ratio ${(product / baseline).toFixed(2)}`,
    );
  }
  console.log(verdictOnRatio("send", medianOf(ratios), "at least", TARGET));
}
