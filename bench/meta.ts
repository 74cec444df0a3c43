import { createHmac } from "node:crypto";

/** Meta's side of webhooks, as it writes them (v24). */
export type Sender = { phoneNumberId: string; wabaId: string; appSecret: string };

export const statusOf = (messageId: string, state: string, step: number) => ({
  id: `wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI1${messageId.replaceAll("-", "").toUpperCase()}AA==`,
  status: state,
  timestamp: String(1_790_000_000 + step),
  recipient_id: "16505551234",
  recipient_user_id: "US.13491208655302741918",
  biz_opaque_callback_data: messageId,
  pricing: { billable: true, pricing_model: "PMP", type: "regular", category: "marketing" },
});

export const inboundOf = (waId: string, serial: number) => ({
  from: waId,
  id: `wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQz${serial.toString(16).toUpperCase().padStart(12, "0")}AA==`,
  timestamp: String(1_790_000_000 + serial),
  type: "text",
  text: { body: "Is the blue one still there?" },
});

/** A call with its head, ready to be written to a socket. */
export function signedRequest({ phoneNumberId, wabaId, appSecret }: Sender, content: object): Buffer {
  const metadata = { display_phone_number: "15550783881", phone_number_id: phoneNumberId };
  const value = { messaging_product: "whatsapp", metadata, ...content };
  const entry = [{ id: wabaId, changes: [{ value, field: "messages" }] }];
  const body = Buffer.from(JSON.stringify({ object: "whatsapp_business_account", entry }));
  const signature = createHmac("sha256", appSecret).update(body).digest("hex");
  const head = [
    "POST /api/webhooks HTTP/1.1",
    "Host: localhost",
    "User-Agent: facebookexternalua",
    "Content-Type: application/json",
    `X-Hub-Signature-256: sha256=${signature}`,
    `Content-Length: ${body.length}`,
  ].join("\r\n");
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]);
}
