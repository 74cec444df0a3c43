import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import pg from "pg";
import { startPostgres } from "../local/postgres.ts";
import {
  listMigrations,
  type Migration,
  migrationsFolder,
  readMigrations,
  readSchema,
  withSchemaEngine,
} from "./schema-engine.ts";

/** Its message is written for the person at the terminal, and is all there is to say. */
export class MigrationError extends Error {}

type ScratchDatabase = { url: string; drop(): Promise<void> };
type HistoryRow = { name: string; checksum: string; finished: boolean; steps: number; logs: string | null };

const usage = `npm run db:migrate                  applies the migrations that the database lacks (-- --retry: failed ones too)
npm run db:migration -- <name>      writes a migration from the changes in prisma/schema.prisma
npm run db:reset                    empties the database and applies every migration (-- --force: on another host)`;

const filters = { externalTables: [], externalEnums: [] };

/** Our own key: for the engine's, which it takes too, it waits ten seconds only. */
const advisoryLock = 4_302_118;

/**
 * Brings the database to the newest migration and returns the names of those it applied. Processes that do so at once
 * wait for each other. A migration that failed is an error until `retry` says that its cause is repaired.
 */
export async function applyMigrations(databaseUrl: string, { retry = false } = {}): Promise<string[]> {
  const migrations = await readMigrations();
  return withClient(databaseUrl, async (client) => {
    if (isComplete(migrations, await readHistory(client))) return [];

    await client.query("SELECT pg_advisory_lock($1)", [advisoryLock]);
    const history = await readHistory(client);
    if (isComplete(migrations, history)) return [];
    refuseFailed(history, retry);
    return withSchemaEngine(databaseUrl, async (engine) => {
      const migrationsList = listMigrations(migrations);
      for (const { name, steps } of history.filter((row) => !row.finished)) {
        if (steps === 0) await engine.markMigrationRolledBack({ migrationName: name });
        else await engine.markMigrationApplied({ migrationName: name, migrationsList });
      }
      try {
        return (await engine.applyMigrations({ migrationsList, filters })).appliedMigrationNames;
      } catch (error) {
        refuseFailed(await readHistory(client), false);
        throw error;
      }
    });
  });
}

/** Writes what prisma/schema.prisma has and the migrations lack as a new migration; null if there is nothing. */
export async function createMigration(databaseUrl: string, name: string): Promise<string | null> {
  const scratch = await createScratchDatabase(databaseUrl);
  const sql = await applyMigrations(scratch.url)
    .then(() => findDifference(scratch.url))
    .finally(scratch.drop);
  if (sql === null) return null;

  const timestamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const folder = join(migrationsFolder, `${timestamp}_${name.toLowerCase().replace(/[^a-z0-9]+/g, "_")}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "migration.sql"), sql);
  return folder;
}

/** The SQL that takes a database to prisma/schema.prisma; null if it is there. */
export async function findDifference(databaseUrl: string): Promise<string | null> {
  return withSchemaEngine(databaseUrl, async (engine) => {
    const files = [await readSchema()];
    const { exitCode, stdout } = await engine.diff({
      from: { tag: "schemaDatasource", files, configDir: migrationsFolder },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: true,
      filters,
    });
    return exitCode === 2 ? stdout : null;
  });
}

export async function resetDatabase(databaseUrl: string): Promise<string[]> {
  await withClient(databaseUrl, async (client) => {
    await client.query("SELECT pg_advisory_lock($1)", [advisoryLock]);
    await client.query("DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public");
  });
  return applyMigrations(databaseUrl);
}

/** An empty database on the same server. */
export async function createScratchDatabase(serverUrl: string): Promise<ScratchDatabase> {
  const name = `campanile_scratch_${randomUUID()}`;
  const url = new URL(serverUrl);
  url.pathname = name;
  const run = (statement: string) =>
    withClient(serverUrl, async (client) => {
      await client.query(statement);
    });
  await run(`CREATE DATABASE "${name}"`);
  return { url: url.href, drop: () => run(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`) };
}

async function readHistory(client: pg.Client): Promise<HistoryRow[]> {
  const { rows: tables } = await client.query("SELECT WHERE to_regclass('_prisma_migrations') IS NOT NULL");
  if (tables.length === 0) return [];
  const { rows } = await client.query<HistoryRow>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished, applied_steps_count AS steps, logs
     FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows;
}

function isComplete(migrations: Migration[], history: HistoryRow[]): boolean {
  const rows = new Map(history.map((row) => [row.name, row]));
  for (const { name, sql } of migrations) {
    const row = rows.get(name);
    if (row?.finished && !checksums(sql).includes(row.checksum)) {
      throw new MigrationError(
        `The migration ${name} was edited after this database had applied it. ` +
          "Restore the file and put the change into a new migration (npm run db:migration -- <name>), " +
          "or start over with an empty database (npm run db:reset).",
      );
    }
  }
  return migrations.every(({ name }) => rows.get(name)?.finished) && history.every((row) => row.finished);
}

/** Git may have changed the line ends. */
function checksums(sql: string): string[] {
  const lines = sql.replaceAll("\r\n", "\n");
  return [lines, lines.replaceAll("\n", "\r\n")].map((text) =>
    createHash("sha256").update(text).digest("hex"),
  );
}

/** One that only stopped half-way, without an error, left nothing behind and is simply applied again. */
function refuseFailed(history: HistoryRow[], retry: boolean): void {
  const failed = history.find((row) => !row.finished && row.logs);
  if (!failed || retry) return;
  const reason = /^Error querying the database: (.*)$/m.exec(failed.logs ?? "")?.[1] ?? failed.logs;
  throw new MigrationError(
    `The migration ${failed.name} failed: ${reason}. Nothing of it was kept, and later ones were not tried. ` +
      "When the cause is repaired, run: npm run db:migrate -- --retry",
  );
}

async function withClient<T>(databaseUrl: string, action: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (cause) {
    const { host, pathname } = new URL(databaseUrl);
    const reason = cause instanceof Error ? cause.message || Reflect.get(cause, "code") : cause;
    throw new MigrationError(`No connection to the database ${pathname.slice(1)} at ${host}: ${reason}`, {
      cause,
    });
  }
  try {
    return await action(client);
  } finally {
    await client.end();
  }
}

async function runCommand(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { force: { type: "boolean" }, retry: { type: "boolean" } },
  });
  const [command = "deploy", name] = positionals;
  for (const file of [".env.local", ".env"]) if (existsSync(file)) process.loadEnvFile(file);
  if (!["deploy", "create", "reset"].includes(command) || (command === "create" && !name)) {
    throw new MigrationError(usage);
  }
  const given = process.env.DATABASE_URL;
  if (command === "reset" && given && !values.force && !isLoopback(given)) {
    throw new MigrationError(
      `This would delete everything in the database at ${new URL(given).host}. If you mean it: npm run db:reset -- --force`,
    );
  }

  const database = given
    ? { url: given, stop: async () => {} }
    : await startPostgres({ directory: fileURLToPath(new URL("../.campanile/postgres", import.meta.url)) });
  try {
    if (command === "create") {
      const folder = await createMigration(database.url, name ?? "");
      console.log(
        folder
          ? `Wrote ${relative(process.cwd(), folder)}/migration.sql. Read it, then: npm run db:migrate`
          : "No difference: the migrations lead to prisma/schema.prisma.",
      );
      return;
    }
    const applied =
      command === "reset"
        ? await resetDatabase(database.url)
        : await applyMigrations(database.url, { retry: values.retry ?? false });
    console.log(applied.length > 0 ? `Applied ${applied.join(", ")}.` : "The database is up to date.");
  } finally {
    await database.stop();
  }
}

function isLoopback(databaseUrl: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])?$/.test(new URL(databaseUrl).hostname);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  runCommand().catch((error: unknown) => {
    console.error(error instanceof MigrationError ? error.message : error);
    process.exitCode = 1;
  });
}
