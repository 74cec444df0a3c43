import { oneReportPerCall } from "@/bench/pipeline";
import { mostWithin, verdictOn, whole } from "@/bench/report";
import { reportTo, untilRead, wakeLane } from "@/bench/server";
import type { Stage } from "@/bench/stage";
import { createContacts, createTenant, queueCampaign, requireAll } from "@/bench/tenant";

const PER_SECOND = 1000;
const SUSTAINED = 950;
const SECONDS = 60;

/**
 * A number at Meta's highest rate while all its webhooks are stored and applied: what the sandbox's ledger says of
 * the slowest minute and of the fullest second, wherever they begin.
 */
export async function benchRate(stage: Stage, { count = 66_000 }): Promise<void> {
  const { database, sandbox } = stage;
  const tenant = await createTenant(stage, PER_SECOND);
  await sandbox.change({ ...oneReportPerCall, speed: 0.1 });
  await sandbox.haveAllRead();
  await createContacts(database, tenant.userId, count);
  const stack = await stage.startServer();
  await reportTo(stage, stack, tenant);
  const campaignId = await queueCampaign(database, tenant.userId, count);
  const after = await sandbox.ledgerEnd();

  const startedAt = performance.now();
  let sentAt = 0;
  await wakeLane(stack, tenant);
  await untilRead(stage, campaignId, count, ({ sent }) => {
    if (sent >= count) sentAt ||= performance.now();
  });
  const lag = (performance.now() - sentAt) / 1000;
  await requireAll(database, campaignId, "read", count);

  const requests = await sandbox.requestsOf(tenant.account.phoneNumberId, after);
  const at = requests.map((request) => request.at).sort((one, other) => one - other);
  const slowest = slowestOver(at, SECONDS * 1000) * 1000;
  const fullest = mostWithin(at, 1000);
  console.log(
    `${whole(requests.length)} messages and ${whole(count * 3)} webhooks in ${whole((performance.now() - startedAt) / 1000)} s; the last was read and applied ${lag.toFixed(1)} s after the last was sent`,
  );
  console.log(`${whole(requests.length - count)} posts were refused and repeated`);
  console.log(
    verdictOn("rate", `${whole(fullest)} messages in the fullest second`, fullest, "at most", PER_SECOND),
  );
  console.log(verdictOn("rate", `${whole(slowest)} messages/s`, slowest, "at least", SUSTAINED));
}

/** The lowest rate, per millisecond, over any span of at least this length that begins with a message. */
function slowestOver(sorted: number[], length: number): number {
  let slowest = Number.POSITIVE_INFINITY;
  let end = 0;
  for (const [index, from] of sorted.entries()) {
    while (end < sorted.length && (sorted[end] ?? 0) - from < length) end++;
    const to = sorted[end];
    if (to === undefined) break;
    slowest = Math.min(slowest, (end - index) / (to - from));
  }
  if (!Number.isFinite(slowest)) {
    const [first = 0] = sorted;
    return sorted.length / ((sorted.at(-1) ?? first) - first);
  }
  return slowest;
}
