import { createHmac } from "node:crypto";
import { connect } from "node:net";
import { answer } from "@/bench/workers/answer";

/** Meta keeps many calls in flight; each of these connections has one. */
const CONNECTIONS = 256;

type Sender = { phoneNumberId: string; wabaId: string; appSecret: string };
type Question =
  | { prepare: { sender: Sender; messageIds: string[]; perCall: number } }
  | { call: { port: number } };

let requests: Buffer[] = [];

/** Makes all calls beforehand, so that they cost next to nothing while the receiver is measured. */
answer<Question>(async (question) => {
  if ("call" in question) return { seconds: await callAll(question.call.port) };
  const { sender, messageIds, perCall } = question.prepare;
  const statuses = ["sent", "delivered", "read"].flatMap((state, step) =>
    messageIds.map((id) => statusOf(id, state, step)),
  );
  requests = Array.from({ length: Math.ceil(statuses.length / perCall) }, (_, index) =>
    requestOf(sender, statuses.slice(index * perCall, (index + 1) * perCall)),
  );
  return { calls: requests.length };
});

/** As Meta writes it (webhooks v24). */
const statusOf = (messageId: string, state: string, step: number) => ({
  id: `wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI1${messageId.replaceAll("-", "").toUpperCase()}AA==`,
  status: state,
  timestamp: String(1_790_000_000 + step),
  recipient_id: "16505551234",
  recipient_user_id: "US.13491208655302741918",
  biz_opaque_callback_data: messageId,
  pricing: { billable: true, pricing_model: "PMP", type: "regular", category: "marketing" },
});

function requestOf({ phoneNumberId, wabaId, appSecret }: Sender, statuses: object[]): Buffer {
  const metadata = { display_phone_number: "15550783881", phone_number_id: phoneNumberId };
  const value = { messaging_product: "whatsapp", metadata, statuses };
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

async function callAll(port: number): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  const loop = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      const callNext = () => {
        const request = requests[next++];
        if (request) return void socket.write(request);
        socket.end();
        resolve();
      };
      socket.on("error", reject);
      socket.on("connect", callNext);
      socket.on("data", (response) => {
        if (response.toString("latin1", 9, 12) === "200") callNext();
        else reject(new Error(`A call was answered: ${response.toString("latin1", 0, 100)}`));
      });
    });
  await Promise.all(Array.from({ length: Math.min(CONNECTIONS, requests.length) }, loop));
  return (performance.now() - startedAt) / 1000;
}
