import { request } from "undici";

export type SandboxAccount = {
  wabaId: string;
  phoneNumberId: string;
  displayPhoneNumber: string;
  appId: string;
  appSecret: string;
  accessToken: string;
};

type LedgerRequest = { seq: number; at: number; body: Record<string, unknown> };

export type Sandbox = ReturnType<typeof sandboxAt>;

/** The sandbox's own controls, as far as benchmarks need them. */
export function sandboxAt(url: string) {
  async function ask<Answer>(method: "GET" | "POST", path: string, body?: object, token?: string) {
    const response = await request(url + path, {
      method,
      headers: {
        "content-type": "application/json",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      bodyTimeout: 0,
      headersTimeout: 0,
    });
    const text = await response.body.text();
    if (response.statusCode >= 300) throw new Error(`The sandbox answered ${path}: ${text.slice(0, 500)}`);
    return JSON.parse(text) as Answer;
  }
  const health = () => ask<{ ledgerSeq: number; outstanding: number }>("GET", "/_sandbox/health");

  return {
    url,
    createAccount: (mps: number) =>
      ask<SandboxAccount>("POST", "/_sandbox/accounts", { mps, tier: "TIER_UNLIMITED" }),

    /** A template with two variables, approved. */
    async createTemplate({ wabaId, accessToken }: SandboxAccount, template: object): Promise<void> {
      const { id } = await ask<{ id: string }>("POST", `/${wabaId}/message_templates`, template, accessToken);
      await ask("POST", `/_sandbox/templates/${id}`, { action: "approve" });
    },

    /** Has an account's webhooks sent to this address, which the sandbox asks for the verify token first. */
    subscribe: ({ wabaId, accessToken }: SandboxAccount, callback: string, verifyToken: string) =>
      ask(
        "POST",
        `/${wabaId}/subscribed_apps`,
        { override_callback_uri: callback, verify_token: verifyToken },
        accessToken,
      ),

    change: (settings: object) => ask("POST", "/_sandbox/settings", settings),

    /** Whoever is written to gets and reads the message. */
    haveAllRead: () =>
      ask("POST", "/_sandbox/faults", { fault: { kind: "outcome", outcome: { status: "read" } } }),

    async ledgerEnd(): Promise<number> {
      return (await health()).ledgerSeq;
    },

    async outstanding(): Promise<number> {
      return (await health()).outstanding;
    },

    /** What was posted from a number since a place in the ledger. */
    async requestsOf(phoneNumberId: string, after: number): Promise<LedgerRequest[]> {
      const path = `/_sandbox/ledger?kind=request&phoneNumberId=${phoneNumberId}&after=${after}`;
      return (await ask<{ entries: LedgerRequest[] }>("GET", path)).entries;
    },
  };
}
