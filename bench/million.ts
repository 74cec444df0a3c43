import { readFile } from "node:fs/promises";
import { verdictOn, whole } from "@/bench/report";
import { reportTo, untilRead, wakeLane } from "@/bench/server";
import type { Stage } from "@/bench/stage";
import { createContacts, createTenant, queueCampaign, requireAll } from "@/bench/tenant";

const UNTHROTTLED = 100_000;
const TARGET_MB = 400;
const SAMPLE_MS = 500;

/** The server's memory while it sends a million messages and takes in all their reports. */
export async function benchMillion(stage: Stage, { count = 1_000_000 }): Promise<void> {
  const { database, sandbox } = stage;
  const tenant = await createTenant(stage, UNTHROTTLED);
  await sandbox.change({ speed: 0.1, pairIntervalMs: 0 });
  await sandbox.haveAllRead();
  await createContacts(database, tenant.userId, count);
  const stack = await stage.startServer();
  await reportTo(stage, stack, tenant);
  const campaignId = await queueCampaign(database, tenant.userId, count);

  const idle = await memoryOf(stack.serverPid());
  let most = idle;
  const sampling = setInterval(() => {
    memoryOf(stack.serverPid()).then(
      (now) => {
        most = Math.max(most, now);
      },
      () => undefined,
    );
  }, SAMPLE_MS);
  const startedAt = performance.now();
  let toldAt = startedAt;
  await wakeLane(stack, tenant);
  await untilRead(stage, campaignId, count, ({ sent, read }) => {
    if (performance.now() - toldAt < 30_000) return;
    toldAt = performance.now();
    console.log(`${whole(sent)} sent, ${whole(read)} read, at most ${whole(most)} MB`);
  }).finally(() => clearInterval(sampling));
  await requireAll(database, campaignId, "read", count);

  console.log(
    `${whole(count)} messages and their reports in ${whole((performance.now() - startedAt) / 1000)} s; the server had ${whole(idle)} MB before`,
  );
  console.log(verdictOn("million", `${whole(most)} MB`, most, "below", TARGET_MB));
}

/** Resident memory in MB. */
async function memoryOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
