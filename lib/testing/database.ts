import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "@/local/postgres";
import { applyMigrations, createScratchDatabase } from "@/prisma/migrate";

type TestDatabase = { url: string; drop(): Promise<void> };

/** Vitest's global setup: one migrated database for all test files, and an environment that reaches nothing real. */
export default async function setup(): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const database = given ? await createScratchDatabase(given) : await createEmbedded();
  try {
    await applyMigrations(database.url);
  } catch (error) {
    await database.drop();
    throw error;
  }
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    ENCRYPTION_KEY: randomBytes(32).toString("hex"),
    NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
    NEXTAUTH_URL: "http://127.0.0.1:3000",
    // Nothing listens on the discard port.
    WHATSAPP_GRAPH_URL: "http://127.0.0.1:9/v25.0",
    INNGEST_DEV: "http://127.0.0.1:9",
    UPLOADS_DIR: join(tmpdir(), "campanile-test-uploads"),
    LOG_LEVEL: "silent",
  });
  return database.drop;
}

async function createEmbedded(): Promise<TestDatabase> {
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
