import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Pool } from "undici";
import { answer } from "@/bench/workers/answer";

/** As many as bring the sandbox to its limit on one machine; more only wait in its queue. */
const CONNECTIONS = 64;

type Question =
  | { listen: { appSecret: string } }
  | { post: { url: string; path: string; accessToken: string; bodies: string[]; webhooks: number } };

let verified = 0;
let wake = () => {};

/** The baseline: posts bodies in a bare loop, verifies the webhooks that come back, and keeps nothing. */
answer<Question>(async (question) => {
  if ("listen" in question) return { port: await listen(question.listen.appSecret) };
  const { bodies, webhooks, ...target } = question.post;
  verified = 0;
  const startedAt = performance.now();
  await postAll(target, bodies);
  while (verified < webhooks) await new Promise<void>((resolve) => (wake = resolve));
  return { seconds: (performance.now() - startedAt) / 1000 };
});

async function postAll(
  { url, path, accessToken }: { url: string; path: string; accessToken: string },
  bodies: string[],
): Promise<void> {
  const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 });
  const headers = { authorization: `Bearer ${accessToken}`, "content-type": "application/json" };
  let next = 0;
  const loop = async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const response = await pool.request({ path, method: "POST", headers, body });
      const text = await response.body.text();
      if (response.statusCode !== 200) throw new Error(`The sandbox refused: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, loop));
  await pool.close();
}

async function listen(appSecret: string): Promise<number> {
  const server = createServer((request, response) => {
    if (request.method === "GET") {
      return response.end(new URL(request.url ?? "/", "http://localhost").searchParams.get("hub.challenge"));
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const signature = String(request.headers["x-hub-signature-256"]);
      const expected = `sha256=${createHmac("sha256", appSecret).update(Buffer.concat(chunks)).digest("hex")}`;
      const isSigned =
        signature.length === expected.length &&
        timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
      response.writeHead(isSigned ? 200 : 401).end();
      if (isSigned) verified++;
      wake();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
