import { medianOf, verdictOnRatio, whole } from "@/bench/report";
import { reportTo, untilRead, wakeLane } from "@/bench/server";
import type { Stage } from "@/bench/stage";
import {
  createContacts,
  createTenant,
  openAccount,
  queueCampaign,
  requireAll,
  VERIFY_TOKEN,
} from "@/bench/tenant";

const UNTHROTTLED = 100_000;
const TARGET = 0.6;
const REPORTS = ["sent", "delivered", "read"].length;

/** Every report at once and in a call of its own: the hardest way in which Meta may deliver them. */
export const oneReportPerCall = { speed: 0, batchMs: [0, 0], batchMax: 1, pairIntervalMs: 0 };

/**
 * The whole way through the real server, until every report is applied, against a bare loop whose reports go to a
 * server that only verifies their signatures.
 */
export async function benchPipeline(stage: Stage, { count = 20_000, rounds = 3 }): Promise<void> {
  const { database, sandbox } = stage;
  const tenant = await createTenant(stage, UNTHROTTLED);
  const bare = await openAccount(stage, UNTHROTTLED);
  await sandbox.change(oneReportPerCall);
  await sandbox.haveAllRead();
  await createContacts(database, tenant.userId, count);
  const poster = await stage.openWorker("post");
  const { port } = await poster.ask<{ port: number }>({ listen: { appSecret: bare.appSecret } });
  await sandbox.subscribe(bare, `http://127.0.0.1:${port}/api/webhooks`, VERIFY_TOKEN);
  const stack = await stage.startServer();
  await reportTo(stage, stack, tenant);

  const measure = async (size: number) => {
    const campaignId = await queueCampaign(database, tenant.userId, size);
    const after = await sandbox.ledgerEnd();
    const startedAt = performance.now();
    await wakeLane(stack, tenant);
    await untilRead(stage, campaignId, size);
    const product = size / ((performance.now() - startedAt) / 1000);
    await requireAll(database, campaignId, "read", size);
    const posted = await sandbox.requestsOf(tenant.account.phoneNumberId, after);
    const { seconds } = await poster.ask<{ seconds: number }>({
      post: {
        url: sandbox.url,
        path: `/${bare.phoneNumberId}/messages`,
        accessToken: bare.accessToken,
        bodies: posted.map(({ body }) => JSON.stringify(body)),
        webhooks: posted.length * REPORTS,
      },
    });
    return { product, baseline: posted.length / seconds };
  };

  await measure(Math.min(count, 3000));
  const ratios: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const { product, baseline } = await measure(count);
    ratios.push(product / baseline);
    console.log(
      `round ${round}: ${whole(count)} messages with ${whole(count * REPORTS)} webhooks, product ${whole(product)}/s, bare ${whole(baseline)}/s, ratio ${(product / baseline).toFixed(2)}`,
    );
  }
  console.log(verdictOnRatio("pipeline", medianOf(ratios), "at least", TARGET));
}
