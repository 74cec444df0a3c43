import { insist } from "@/faults/patience";
import type { LedgerEntry } from "@/faults/witness";

export type Sandbox = ReturnType<typeof sandboxAt>;

/** The sandbox's own controls. It may be away for a moment, because it is killed like everything else. */
export function sandboxAt(url: string) {
  const ask = <Answer>(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<Answer> =>
    insist(`the sandbox at ${path}`, async () => {
      const response = await fetch(`${url}/_sandbox/${path}`, {
        method,
        ...(body && { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return response.json();
    });

  return {
    url,
    health: () => ask<{ outstanding: number; ledgerSeq: number }>("GET", "health"),
    change: (settings: object) => ask("POST", "settings", settings),
    changeNumber: (phoneNumberId: string, change: object) =>
      ask("POST", `phone-numbers/${phoneNumberId}`, change),
    changeToken: (wabaId: string, state: "valid" | "revoked") =>
      ask("POST", `accounts/${wabaId}/token`, { state }),
    async actOnTemplate(wabaId: string, name: string, action: "pause" | "approve"): Promise<void> {
      const { templates } = await ask<{ templates: { id: string; name: string }[] }>(
        "GET",
        `accounts/${wabaId}`,
      );
      const id = templates.find((template) => template.name === name)?.id;
      await ask("POST", `templates/${id}`, { action });
    },
    addFault: (rule: object) => ask("POST", "faults", rule),
    clearFaults: () => ask("DELETE", "faults"),
    releaseHeld: (phoneNumberId: string) => ask("POST", "held", { action: "release", phoneNumberId }),
    /** Posts the latest webhooks once more, each of them several times at once. */
    async repeatWebhooks(count: number, times: number): Promise<void> {
      const { recent } = await ask<{ recent: { id: string }[] }>("GET", "outbox");
      for (const { id } of recent.slice(-count)) {
        // The outbox forgets.
        await fetch(`${url}/_sandbox/outbox/${id}/resend`, {
          method: "POST",
          body: JSON.stringify({ times }),
        }).catch(() => undefined);
      }
    },
    async ledger(after: number): Promise<LedgerEntry[]> {
      return (await ask<{ entries: LedgerEntry[] }>("GET", `ledger?after=${after}`)).entries;
    },
  };
}
