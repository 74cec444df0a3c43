import { createHmac, randomInt, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { UserId } from "@/lib/tenant";
import { createCampaign, createContact, createMessage, createUser } from "@/lib/testing/factories";
import { userRepository } from "@/lib/users/repository";
import { handleWebhook } from "@/lib/webhook-events/http";
import { ingestWebhook } from "@/lib/webhook-events/service";

export type Account = { userId: UserId; phoneNumberId: string; wabaId: string; appSecret: string };

export const digits = () => String(randomInt(1e14, 3e14));

/** An account with a Meta app of its own. */
export async function connectedAccount(): Promise<Account> {
  const account = {
    userId: await createUser(),
    phoneNumberId: digits(),
    wabaId: digits(),
    appSecret: randomUUID(),
  };
  await connect(account);
  return account;
}

export async function connect({ userId, ...connection }: Account): Promise<void> {
  await userRepository.connect(userId, {
    ...connection,
    isSandbox: true,
    accessToken: "token",
    displayPhoneNumber: null,
    appId: null,
    webhookVerifyToken: randomUUID(),
  });
}

export const change = ({ phoneNumberId, wabaId }: Account, value: object, field = "messages") => ({
  id: wabaId,
  changes: [{ field, value: { metadata: { phone_number_id: phoneNumberId }, ...value } }],
});

export const bodyOf = (...entry: object[]) =>
  Buffer.from(JSON.stringify({ object: "whatsapp_business_account", entry }));

export const sign = (secret: string, body: Uint8Array) =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

export const status = (messageId: string, state: string, extra: object = {}) => ({
  id: `wamid.${messageId}`,
  status: state,
  timestamp: "1763800003",
  biz_opaque_callback_data: messageId,
  ...extra,
});

/** A message that was claimed and whose fate nobody knows yet. */
export async function sentMessage(
  account: Account,
  overrides: Parameters<typeof createMessage>[3] = { status: "sending", claimedAt: new Date() },
) {
  const contact = await createContact(account.userId);
  const campaign = await createCampaign(account.userId, { status: "processing" });
  const message = await createMessage(account.userId, campaign.id, contact.id, overrides);
  return { contact, campaign, message };
}

/** The endpoint as the self-hosted server mounts it. */
export async function openEndpoint(bodyMs?: number) {
  const server = createServer((request, response) => {
    if (!handleWebhook(request, response, ingestWebhook, bodyMs)) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    /** Returns the answer's status. */
    async post(body: Uint8Array, headers: Record<string, string>, path = "/api/webhooks"): Promise<number> {
      const call = { method: "POST", headers, body: Buffer.from(body) };
      return (await fetch(`http://127.0.0.1:${port}${path}`, call)).status;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
