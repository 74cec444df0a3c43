import { randomBytes, randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startPostgres } from "@/local/postgres";
import { applyMigrations } from "@/prisma/migrate";

type TestDatabase = { url: string; remove(): Promise<void> };

/** Vitest's global setup: one migrated database for all test files, and an environment that reaches nothing real. */
export default async function setup(): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const database = given ? await createOn(given) : await createEmbedded();
  const stopListening = removeOnSignal(database);
  try {
    await applyMigrations(database.url);
  } catch (error) {
    await database.remove();
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
    LOG_LEVEL: "silent",
  });
  return async () => {
    stopListening();
    await database.remove();
  };
}

async function createEmbedded(): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "campanile-test-"));
  const removeDirectory = () => rm(directory, { recursive: true, force: true });
  try {
    // The server may run under another account.
    await chmod(directory, 0o755);
    const { url, stop } = await startPostgres({ directory, port: 0, durable: false });
    return { url, remove: () => stop().finally(removeDirectory) };
  } catch (error) {
    await removeDirectory();
    throw error;
  }
}

async function createOn(serverUrl: string): Promise<TestDatabase> {
  const name = `campanile_test_${randomUUID()}`;
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await run(`CREATE DATABASE "${name}"`);
  const url = new URL(serverUrl);
  url.pathname = name;
  return { url: url.href, remove: () => run(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`) };
}

function removeOnSignal(database: TestDatabase): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const remove = () => database.remove().finally(() => process.exit(130));
  for (const signal of signals) process.once(signal, remove);
  return () => {
    for (const signal of signals) process.off(signal, remove);
  };
}
