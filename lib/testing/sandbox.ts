import type { UserId } from "@/lib/tenant";
import { userRepository } from "@/lib/users/repository";

export type Keys = {
  wabaId: string;
  phoneNumberId: string;
  appId: string;
  accessToken: string;
  appSecret: string;
};

/** What a test says to the sandbox that its file has started. */
export function sandboxAt(url: string) {
  /** A text is posted as it is, anything else as JSON. Throws the sandbox's words when it refuses. */
  async function ask<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.json();
  }

  return {
    ask,
    /** What its ledger holds of a number: requests, answers or webhooks. */
    async ledger<Line>({ phoneNumberId }: Keys, kind: string): Promise<Line[]> {
      const response = await fetch(`${url}/_sandbox/ledger?kind=${kind}&phoneNumberId=${phoneNumberId}`);
      return (await response.json()).entries;
    },
    /** A fresh number, through which this account sends from now on. */
    async connect(userId: UserId): Promise<Keys> {
      const keys = await ask<Keys>("/_sandbox/accounts", {});
      const { wabaId, phoneNumberId, accessToken, appSecret } = keys;
      await userRepository.connect(userId, {
        ...{ wabaId, phoneNumberId, accessToken, appSecret, isSandbox: true },
        ...{ displayPhoneNumber: null, appId: null, webhookVerifyToken: null },
      });
      return keys;
    },
    /** Returns the id that WhatsApp gave the template. */
    async approveTemplate({ wabaId, accessToken }: Keys, name: string, components: object[]) {
      const draft = { name, language: "en_US", category: "MARKETING", components };
      const authorization = `Bearer ${accessToken}`;
      const { id } = await ask<{ id: string }>(`/${wabaId}/message_templates`, draft, { authorization });
      await ask(`/_sandbox/templates/${id}`, { action: "approve" });
      return id;
    },
  };
}
