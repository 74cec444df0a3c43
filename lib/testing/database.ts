import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startPostgres } from "@/local/postgres";
import { applyMigrations, createScratchDatabase } from "@/prisma/migrate";

type TestDatabase = { url: string; drop(): Promise<void> };

/**
 * Vitest's global setup: a migrated database for each worker, so that no two test files have one at the same time, and an
 * environment that reaches nothing real. `worker-database.ts` chooses.
 */
export default async function setup({ vitest }: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const server = given ? { url: given, drop: async () => {} } : await startEmbedded();
  const databases: TestDatabase[] = [server];
  const drop = async () => {
    for (const database of databases.toReversed()) await database.drop();
  };
  try {
    for (let worker = 1; worker <= vitest.config.maxWorkers; worker += 1) {
      const database = await createScratchDatabase(server.url);
      databases.push(database);
      await applyMigrations(database.url);
      process.env[`DATABASE_URL_OF_WORKER_${worker}`] = database.url;
    }
  } catch (error) {
    await drop();
    throw error;
  }
  const uploads = await mkdtemp(join(tmpdir(), "campanile-test-uploads-"));
  process.once("exit", () => rmSync(uploads, { recursive: true, force: true }));
  Object.assign(process.env, {
    ENCRYPTION_KEY: randomBytes(32).toString("hex"),
    NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
    NEXTAUTH_URL: "http://127.0.0.1:3000",
    // Nothing listens on the discard port.
    WHATSAPP_GRAPH_URL: "http://127.0.0.1:9/v25.0",
    INNGEST_DEV: "http://127.0.0.1:9",
    UPLOADS_DIR: uploads,
    LOG_LEVEL: "silent",
  });
  return drop;
}

async function startEmbedded(): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "campanile-test-"));
  let pid: number | undefined;
  // Vitest leaves at once when it is interrupted, without a teardown.
  const removeNow = () => {
    if (pid) process.kill(pid, "SIGQUIT");
    rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  };
  const hangUp = () => process.exit(129);
  process.once("exit", removeNow).once("SIGHUP", hangUp);

  // The server may run under another account.
  await chmod(directory, 0o755);
  const server = await startPostgres({ directory, port: 0, durable: false });
  pid = server.pid;
  return {
    url: server.url,
    async drop() {
      await server.stop();
      await rm(directory, { recursive: true });
      process.off("exit", removeNow).off("SIGHUP", hangUp);
    },
  };
}
