import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type Sandbox, sandboxAt } from "@/bench/sandbox";
import { openWorker, type Worker } from "@/bench/worker";
import { startChild } from "@/local/child";
import { findFreePort } from "@/local/ports";
import { startPostgres } from "@/local/postgres";
import { type Stack, startStack } from "@/local/stack";
import { applyMigrations } from "@/prisma/migrate";

/** What a benchmark runs against. Nothing of it is shared with another benchmark, and nothing is left of it. */
export type Stage = {
  database: pg.Client;
  sandbox: Sandbox;
  /** Starts a process of `bench/workers`, which sees the same database and sandbox as the product. */
  openWorker(name: string): Promise<Worker>;
  /** Starts the product's own server and its job engine. */
  startServer(): Promise<Stack>;
};

/** One key for the whole process, because `lib/env` is read once. */
const secrets = {
  ENCRYPTION_KEY: randomBytes(32).toString("hex"),
  NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
};

/** What a developer may have set must not decide where a benchmark sends to. */
const foreign = [
  "INNGEST_DEV",
  "INNGEST_BASE_URL",
  "INNGEST_EVENT_KEY",
  "INNGEST_SIGNING_KEY",
  "HOST",
  "PORT",
];

/** Gives the work a stage and takes all of it down again, however the work ends or is interrupted. */
export async function onStage(interrupted: Promise<never>, work: (stage: Stage) => Promise<void>) {
  const directory = await mkdtemp(join(tmpdir(), "campanile-bench-"));
  const stops: (() => Promise<unknown>)[] = [];
  const opening = openStage(directory, stops);
  try {
    await Promise.race([interrupted, opening.then(work)]);
  } finally {
    await opening.catch(() => undefined);
    for (const stop of stops.reverse()) await stop().catch((error: Error) => console.error(error.message));
    rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

async function openStage(directory: string, stops: (() => Promise<unknown>)[]): Promise<Stage> {
  // PostgreSQL may run under another account, which has to enter.
  await chmod(directory, 0o755);
  const logs = join(directory, "logs");
  mkdirSync(logs);

  const postgres = await startPostgres({ directory: join(directory, "postgres"), port: 0 });
  stops.push(postgres.stop);
  await applyMigrations(postgres.url);
  const database = new pg.Client({ connectionString: postgres.url });
  await database.connect();
  database.on("error", () => undefined);
  stops.push(() => database.end());

  const port = await findFreePort(4110);
  const sandboxProcess = await startChild({
    name: "sandbox",
    args: ["--import", "tsx", "local/sandbox/main.ts"],
    env: { PORT: String(port), SANDBOX_DIR: join(directory, "sandbox") },
    logFile: join(logs, "sandbox.log"),
  });
  stops.push(sandboxProcess.stop);

  for (const name of foreign) delete process.env[name];
  Object.assign(process.env, secrets, {
    DATABASE_URL: postgres.url,
    WHATSAPP_SANDBOX_URL: `http://127.0.0.1:${port}`,
    NEXTAUTH_URL: "http://127.0.0.1:3000",
    UPLOADS_DIR: join(directory, "uploads"),
    LOG_LEVEL: "warn",
    NODE_ENV: "production",
  });

  return {
    database,
    sandbox: sandboxAt(`http://127.0.0.1:${port}`),
    async openWorker(name) {
      // Nothing listens on the discard port: workers have no job engine.
      const worker = await openWorker(name, { INNGEST_DEV: "http://127.0.0.1:9" });
      stops.push(worker.stop);
      return worker;
    },
    async startServer() {
      process.env.PORT = String(await findFreePort(3100));
      process.env.NEXTAUTH_URL = `http://127.0.0.1:${process.env.PORT}`;
      const stack = await startStack({ directory: join(directory, "stack"), mayBeStale: true });
      stops.push(stack.stop);
      return stack;
    },
  };
}
