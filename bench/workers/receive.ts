import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answer } from "@/bench/workers/answer";
import { handleWebhook } from "@/lib/webhook-events/http";
import { finishProcessing, ingestWebhook, processWebhookEvents } from "@/lib/webhook-events/service";

type Question = { listen: { appSecret: string } } | "process" | "finish";

/** The product's webhook listener, and the baseline: one that verifies and parses, and keeps nothing. */
answer<Question>(async (question) => {
  if (question === "process") return timed(processWebhookEvents);
  if (question === "finish") return timed(finishProcessing);
  const { appSecret } = question.listen;
  return {
    product: await listen((request, response) => {
      handleWebhook(request, response, ingestWebhook);
    }),
    bare: await listen((request, response) => verifyAndParse(appSecret, request, response)),
  };
});

async function timed(work: () => Promise<void>): Promise<{ seconds: number }> {
  const startedAt = performance.now();
  await work();
  return { seconds: (performance.now() - startedAt) / 1000 };
}

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function verifyAndParse(appSecret: string, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const signature = String(request.headers["x-hub-signature-256"]);
    const expected = `sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}`;
    const isSigned =
      signature.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
    if (isSigned) JSON.parse(body.toString());
    response.statusCode = isSigned ? 200 : 401;
    response.end();
  });
}
