import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { env } from "@/lib/env";
import { applyMigrations, createScratchDatabase, resetDatabase } from "./migrate.ts";

let scratch: Awaited<ReturnType<typeof createScratchDatabase>>;
let client: pg.Client;

const obstacle = "CREATE FUNCTION suppression_hash(uuid, text) RETURNS text LANGUAGE sql AS 'SELECT NULL'";

beforeEach(async () => {
  scratch = await createScratchDatabase(env.DATABASE_URL);
  client = new pg.Client({ connectionString: scratch.url });
  await client.connect();
});

afterEach(async () => {
  await client.end();
  await scratch.drop();
});

test("lets two that migrate at once apply each migration once", async () => {
  const results = await Promise.all([applyMigrations(scratch.url), applyMigrations(scratch.url)]);

  const { rows } = await client.query(
    "SELECT migration_name FROM _prisma_migrations ORDER BY migration_name",
  );
  expect(results.flat()).toEqual(rows.map((row) => row.migration_name));
  expect(rows.length).toBeGreaterThan(0);
});

test("has nothing to do the second time", async () => {
  await applyMigrations(scratch.url);

  expect(await applyMigrations(scratch.url)).toEqual([]);
});

test("names a migration that was edited after it was applied", async () => {
  const [name] = await applyMigrations(scratch.url);
  await client.query("UPDATE _prisma_migrations SET checksum = 'other' WHERE migration_name = $1", [name]);

  await expect(applyMigrations(scratch.url)).rejects.toThrow(`The migration ${name} was edited`);
});

test("keeps nothing of a migration that fails, says why, and waits for a retry", async () => {
  await client.query(obstacle);
  await expect(applyMigrations(scratch.url)).rejects.toThrow(
    /failed: ERROR: function "suppression_hash" already exists/,
  );
  const { rows } = await client.query(
    "SELECT to_regclass('contacts') AS contacts, to_regproc('uuid_v7') AS uuid",
  );
  expect(rows).toEqual([{ contacts: null, uuid: null }]);

  await client.query("DROP FUNCTION suppression_hash");

  await expect(applyMigrations(scratch.url)).rejects.toThrow("npm run db:migrate -- --retry");
  expect(await applyMigrations(scratch.url, { retry: true })).not.toEqual([]);
});

test("applies again what was cut off half-way", async () => {
  await client.query(obstacle);
  await expect(applyMigrations(scratch.url)).rejects.toThrow();
  await client.query("DROP FUNCTION suppression_hash; UPDATE _prisma_migrations SET logs = NULL");

  expect(await applyMigrations(scratch.url)).not.toEqual([]);
});

test("resets a database to an empty one with every table", async () => {
  await applyMigrations(scratch.url);
  await client.query(`INSERT INTO users (email, "passwordHash") VALUES ('a@example.com', '')`);

  await resetDatabase(scratch.url);

  expect((await client.query("SELECT FROM users")).rowCount).toBe(0);
});
