import { createServer } from "node:http";
import { serve } from "inngest/node";
import next from "next";
import { functions } from "@/inngest";
import { inngest } from "@/inngest/client";
import { serverStarted } from "@/inngest/events";
import { handleCall } from "@/inngest/http";
import { pool } from "@/lib/db/pool";
import { env } from "@/lib/env";
import { drain } from "@/lib/lanes/service";
import { logger } from "@/lib/logger";
import { endSlow } from "@/lib/request-body";
import { handleWebhook } from "@/lib/webhook-events/http";
import { finishProcessing, ingestWebhook } from "@/lib/webhook-events/service";

/**
 * The self-hosted server: one process, one port. Meta's webhooks and the job engine's calls are answered in plain
 * node:http, because a Next route costs some 25 times the CPU; everything else is Next's.
 */
const SHUTDOWN_MS = 15_000;
/** For a file of 200 MB over a slow line; all other requests are ended long before. */
const UPLOAD_MS = 60 * 60_000;

const app = next({ dev: false, hostname: env.HOST, port: env.PORT });
await app.prepare();
const handlePage = app.getRequestHandler();
const handleJobs = serve({ client: inngest, functions });

const server = createServer({ requestTimeout: UPLOAD_MS }, (request, response) => {
  if (handleWebhook(request, response, ingestWebhook)) return;
  if (handleCall(request, response, handleJobs)) return;
  endSlow(request, response);
  void handlePage(request, response);
});

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
