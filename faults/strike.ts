import { setTimeout as sleep } from "node:timers/promises";
import type { Crash, Evidence } from "@/faults/checker";
import { insist } from "@/faults/patience";
import type { Fault } from "@/faults/plan";
import type { Stage } from "@/faults/stage";
import { TEMPLATE, type Tenant, tryTo } from "@/faults/tenant";

/** What striking leaves for the checker. */
export type Traces = { crashes: Crash[]; forgeries: Evidence["forgeries"] };

/** Long enough for what is in flight to have been posted in silence. */
const SILENCE_MS = 500;

/** Lets one fault happen, and heals it where it does not heal by itself. */
export async function strike(stage: Stage, tenants: Tenant[], fault: Fault, traces: Traces): Promise<void> {
  const { sandbox } = stage;
  const chosen = "tenant" in fault && fault.tenant !== null ? tenants[fault.tenant] : undefined;
  const tenant = () => {
    if (!chosen) throw new Error(`There is no such tenant for: ${fault.kind}.`);
    return chosen;
  };
  switch (fault.kind) {
    case "kill": {
      const crash = await stage.kill(fault.part, fault.signal);
      if (crash) traces.crashes.push(crash);
      break;
    }
    case "crash database":
      traces.crashes.push(await stage.crashDatabase());
      break;
    case "api": {
      const { fault: rule, share, times } = fault.rule;
      const match = { ...(chosen && { phoneNumberId: chosen.phoneNumberId }), ...(share && { share }) };
      await sandbox.addFault({ match, fault: rule, times });
      break;
    }
    case "repeat webhooks":
      await sandbox.repeatWebhooks(fault.count, fault.times);
      break;
    case "kill server in silence": {
      await sandbox.change({ webhooksPaused: true });
      await sleep(SILENCE_MS);
      const crash = await stage.kill("server", "SIGKILL");
      if (crash) traces.crashes.push(crash);
      break;
    }
    case "sign webhooks wrongly":
      await sandbox.change({ signature: "wrong" });
      await sleep(fault.ms);
      await sandbox.change({ signature: "correct" });
      break;
    case "forge webhook":
      traces.forgeries.push(await forgeWebhook(stage, tenant()));
      break;
    case "revoke token":
      await sandbox.changeToken(tenant().wabaId, "revoked");
      await sleep(fault.ms);
      await sandbox.changeToken(tenant().wabaId, "valid");
      break;
    case "pause template":
      await sandbox.actOnTemplate(tenant().wabaId, TEMPLATE.name, "pause");
      await sleep(fault.ms);
      await sandbox.actOnTemplate(tenant().wabaId, TEMPLATE.name, "approve");
      break;
    case "toggle":
      for (let time = 0; time < fault.times; time++) {
        await tryTo("pause", tenant());
        await tryTo("resume", tenant());
      }
      break;
    case "opt out":
      for (const place of fault.places) await optOut(stage, tenant(), place);
  }
}

/** Says that a message failed which did not, with a signature that nobody made. */
async function forgeWebhook({ query, url }: Stage, { userId, wabaId, phoneNumberId }: Tenant) {
  const [message] = await query<{ id: string; wamid: string | null }>(
    `SELECT "id", "whatsappMessageId" AS wamid FROM messages WHERE "userId" = $1
     ORDER BY "whatsappMessageId" NULLS LAST LIMIT 1`,
    [userId],
  );
  const wamid = message?.wamid ?? "wamid.forged";
  const status = {
    id: wamid,
    status: "failed",
    timestamp: String(Math.floor(Date.now() / 1000)),
    recipient_id: "49150000000000",
    biz_opaque_callback_data: message?.id,
    errors: [{ code: 131026, title: "Message undeliverable" }],
  };
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "1", phone_number_id: phoneNumberId },
    statuses: [status],
  };
  const body = {
    object: "whatsapp_business_account",
    entry: [{ id: wabaId, changes: [{ field: "messages", value }] }],
  };
  return insist("to forge a webhook", async () => {
    const response = await fetch(`${url}/api/webhooks`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-hub-signature-256": `sha256=${"0".repeat(64)}` },
      body: JSON.stringify(body),
    });
    // Without its database the server knows no signature.
    if (response.status === 503) throw new Error("The server cannot tell.");
    return { status: response.status, wamid };
  });
}

async function optOut(
  { query }: Stage,
  { userId, recipients, browser }: Tenant,
  place: number,
): Promise<void> {
  const [contact] = await query<{ id: string }>(
    `SELECT "id" FROM contacts WHERE "userId" = $1 ORDER BY "id" OFFSET $2 LIMIT 1`,
    [userId, Math.floor(place * (recipients - 1))],
  );
  if (!contact) return;
  await insist("to opt somebody out", () =>
    browser.post(`/api/contacts/${contact.id}/consent`, { action: "opt_out" }),
  );
}
