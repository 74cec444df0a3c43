import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { serve } from "inngest/node";
import next from "next";
import { functions } from "@/inngest";
import { inngest } from "@/inngest/client";
import { serverStarted } from "@/inngest/events";
import { pool } from "@/lib/db/pool";
import { env } from "@/lib/env";
import { logger } from "@/lib/logger";
import { drain } from "@/lib/messages/service";
import { finishProcessing, ingestWebhook } from "@/lib/webhook-events/service";

/**
 * The self-hosted server: one process, one port. Meta's webhooks and the job engine's calls are answered in plain
 * node:http, because a Next route costs some 25 times the CPU; everything else is Next's.
 */
const MAX_WEBHOOK_BYTES = 3 * 1024 * 1024;
const SHUTDOWN_MS = 15_000;

const app = next({ dev: false, hostname: env.HOST, port: env.PORT });
await app.prepare();
const handlePage = app.getRequestHandler();
const handleJob = serve({ client: inngest, functions });

const webhookPath = /^\/api\/webhooks(?:\/([^/?]+))?\/?(?:\?|$)/;

const server = createServer((request, response) => {
  const url = request.url ?? "/";
  const webhook = request.method === "POST" ? webhookPath.exec(url) : null;
  if (webhook) void handleWebhook(request, response, webhook[1]);
  else if (url === "/api/inngest" || url.startsWith("/api/inngest?")) handleJob(request, response);
  else void handlePage(request, response);
});

async function handleWebhook(
  request: IncomingMessage,
  response: ServerResponse,
  accountKey: string | undefined,
) {
  const body = await readBody(request).catch(() => null);
  if (body === "too large") return response.writeHead(413, { connection: "close" }).end();
  if (body === null) return response.destroy();
  const signature = request.headers["x-hub-signature-256"];
  const status = await ingestWebhook(body, typeof signature === "string" ? signature : null, accountKey);
  return response.writeHead(status).end();
}

async function readBody(request: IncomingMessage): Promise<Buffer | "too large"> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_WEBHOOK_BYTES) return "too large";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

let isStopping = false;

/** Finishes what is in flight, claims nothing new, and leaves within seconds. */
async function stop() {
  if (isStopping) return;
  isStopping = true;
  drain();
  setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
  server.closeIdleConnections();
  await new Promise((resolve) => server.close(resolve));
  await finishProcessing();
  await pool.end();
  process.exit(0);
}

process.on("SIGTERM", stop);
process.on("SIGINT", stop);
process.on("disconnect", stop);

server.listen(env.PORT, env.HOST, () => {
  logger.info({ host: env.HOST, port: env.PORT }, "Campanile is listening");
  process.send?.({ ready: true });
  inngest.send(serverStarted.create()).catch((error: unknown) => {
    logger.warn({ error: String(error) }, "the job engine was not told that the server started");
  });
});
