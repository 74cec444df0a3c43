import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import type { Stage } from "@/bench/stage";
import { type Tenant, VERIFY_TOKEN } from "@/bench/tenant";
import type { Stack } from "@/local/stack";

const POLL_MS = 50;
/** Without any progress for so long, a benchmark gives up. */
const PATIENCE_MS = 60_000;

/** Has the sandbox report to the product's server what becomes of this tenant's messages. */
export const reportTo = ({ sandbox }: Stage, { url }: Stack, { account }: Tenant) =>
  sandbox.subscribe(account, `${url}/api/webhooks`, VERIFY_TOKEN);

/** Tells the product that an account has something to send, as the product does itself. */
export async function wakeLane({ engineUrl }: Stack, { userId }: Tenant): Promise<void> {
  const response = await request(`${engineUrl}/e/bench`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "lane/ready", data: { userId } }),
  });
  await response.body.dump();
  if (response.statusCode !== 200) throw new Error("The job engine did not take the event.");
}

export type Progress = { sent: number; delivered: number; read: number };

/** Waits until a campaign's counters say that everybody has read it; `watch` sees them on the way. */
export async function untilRead(
  { database }: Stage,
  campaignId: string,
  count: number,
  watch: (progress: Progress) => void = () => undefined,
): Promise<void> {
  let last = -1;
  let movedAt = performance.now();
  for (;;) {
    const { rows } = await database.query<Progress & { status: string; pauseReason: string | null }>(
      `SELECT "sentCount" AS sent, "deliveredCount" AS delivered, "readCount" AS read, "status", "pauseReason"
       FROM campaigns WHERE "id" = $1`,
      [campaignId],
    );
    const [progress] = rows;
    if (!progress) throw new Error("The campaign is gone.");
    watch(progress);
    if (progress.read >= count) return;
    const sum = progress.sent + progress.delivered + progress.read;
    if (sum !== last) movedAt = performance.now();
    last = sum;
    if (performance.now() - movedAt > PATIENCE_MS) {
      throw new Error(`Nothing has moved for a minute: ${JSON.stringify(progress)}.`);
    }
    await sleep(POLL_MS);
  }
}
