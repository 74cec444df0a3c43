import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { from, to } from "pg-copy-streams";
import { verdictOn, verdictOnRatio, whole } from "@/bench/report";
import type { Stage } from "@/bench/stage";
import { createTenant } from "@/bench/tenant";
import type { Worker } from "@/bench/worker";
import type { UserId } from "@/lib/tenant";

const MAX_RATIO = 1.25;
const MAX_REIMPORT = 0.75;
const MAX_GROWTH = 200;
const MAX_DELAY = 50;
const FEW = 10_000;

type Run = { importId: string; seconds: number; peakMemory: number; delay: number };

/**
 * A dirty file through the product, from the file on the disk to committed people and the report of the rows that were
 * rejected, against COPY of the very rows that came of it (what psql's \copy does) into the same empty table with the
 * same indexes. Once without and once with the answer how people agreed, which writes a second table.
 */
export async function benchImport(stage: Stage, { count = 1_000_000 }): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "campanile-import-"));
  try {
    await measure(stage, count, directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function measure(stage: Stage, count: number, directory: string): Promise<void> {
  const { database } = stage;
  const { userId } = await createTenant(stage, 80);
  await database.query(`UPDATE users SET "subscriptionTier" = 'pro' WHERE id = $1`, [userId]);
  const server = await stage.openWorker("import");

  const few = await importRows(stage, server, userId, FEW, false);
  await empty(stage);
  const first = await importRows(stage, server, userId, count, false);
  const contacts = await check(stage, first.importId, count);
  const again = await importRows(stage, server, userId, count, false);
  const rewritten = await countRewritten(stage, again.importId);
  await empty(stage);
  const agreed = await importRows(stage, server, userId, count, true);
  await check(stage, agreed.importId, count);
  const people = join(directory, "people.tsv");
  const events = join(directory, "events.tsv");
  await save(stage, people, `contacts.id, ${contactColumns.map((name) => `contacts.${name}`)}`);
  await save(stage, events, String(eventColumns.map((name) => `event.${name}`)));
  await empty(stage);
  const copied = await copy(stage, `contacts (id, ${contactColumns})`, people);
  const copiedToo = copied + (await copy(stage, `consent_events (${eventColumns})`, events));

  const growth = (first.peakMemory - few.peakMemory) / 2 ** 20;
  const delay = Math.max(first.delay, agreed.delay);
  console.log(
    `${whole(count)} rows, ${whole(contacts)} people: ${first.seconds.toFixed(1)} s (${whole(count / first.seconds)} rows/s), COPY of the clean rows ${copied.toFixed(1)} s`,
  );
  console.log(
    `with everybody's consent: ${agreed.seconds.toFixed(1)} s, COPY of people and consent events ${copiedToo.toFixed(1)} s`,
  );
  console.log(`the same file again: ${again.seconds.toFixed(1)} s, ${whole(rewritten)} rows rewritten`);
  console.log(
    `memory of the import's process: ${whole(first.peakMemory / 2 ** 20)} MB, with ${whole(FEW)} rows ${whole(few.peakMemory / 2 ** 20)} MB`,
  );
  console.log(verdictOn("import: event loop p99 (ms)", delay.toFixed(1), delay, "below", MAX_DELAY));
  console.log(verdictOn("import: memory growth (MB)", whole(growth), growth, "at most", MAX_GROWTH));
  console.log(verdictOn("import: rows rewritten", whole(rewritten), rewritten, "at most", 0));
  console.log(verdictOnRatio("import: again", again.seconds / first.seconds, "at most", MAX_REIMPORT));
  console.log(verdictOnRatio("import: with consent", agreed.seconds / copiedToo, "at most", MAX_RATIO));
  console.log(verdictOnRatio("import", first.seconds / copied, "at most", MAX_RATIO));
}

async function importRows(
  { database }: Stage,
  server: Worker,
  userId: UserId,
  count: number,
  agreed: boolean,
): Promise<Run> {
  const { importId } = await server.ask<{ importId: string }>({ upload: { userId, count, agreed } });
  await database.query("CHECKPOINT");
  return { importId, ...(await server.ask<Omit<Run, "importId">>({ run: { userId, importId } })) };
}

/** Every row is accounted for, and as many are bad and double as were made so. */
async function check({ database }: Stage, importId: string, count: number): Promise<number> {
  const { rows } = await database.query<Record<string, number>>(
    `SELECT "createdCount" AS created, "rejectedCount" AS rejected, "duplicateCount" AS duplicates,
       (SELECT count(*)::int FROM contacts WHERE "importId" = $1) AS contacts,
       (SELECT count(*)::int FROM import_rejections WHERE "importId" = $1) AS report
     FROM imports WHERE id = $1 AND status = 'completed'`,
    [importId],
  );
  const { created, rejected, duplicates, contacts, report } = rows[0] ?? {};
  const expected = { created: 0.95 * count, rejected: 0.03 * count, duplicates: 0.02 * count };
  const isRight =
    created === Math.round(expected.created) &&
    contacts === created &&
    rejected === Math.round(expected.rejected) &&
    duplicates === Math.round(expected.duplicates) &&
    report === rejected + duplicates;
  if (!isRight) throw new Error(`The import came to ${JSON.stringify(rows[0])}.`);
  return contacts;
}

/** Rows of people that are newer than the import. */
async function countRewritten({ database }: Stage, importId: string): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM contacts
     WHERE "updatedAt" <> "createdAt" OR xmax::text <> '0' OR "createdAt" > (SELECT "createdAt" FROM imports WHERE id = $1)`,
    [importId],
  );
  return rows[0]?.count ?? Number.NaN;
}

const contactColumns =
  '"userId" phone name email tags metadata "optedIn" "optedInAt" "optInSource" "importId"'.split(" ");
const eventColumns = '"userId" "contactId" action source wording "importId" "fileRow" actor'.split(" ");

/** The rows that are left when everything is cleaned, in the order of the file, as COPY reads them. */
async function save({ database }: Stage, path: string, columns: string): Promise<void> {
  const rows = to(`COPY (
    SELECT ${columns} FROM contacts JOIN consent_events AS event ON event."contactId" = contacts.id ORDER BY "fileRow"
  ) TO STDOUT`);
  await pipeline(database.query(rows), createWriteStream(path));
}

async function copy({ database }: Stage, table: string, path: string): Promise<number> {
  const startedAt = performance.now();
  await pipeline(createReadStream(path), database.query(from(`COPY ${table} FROM STDIN`)));
  return (performance.now() - startedAt) / 1000;
}

async function empty({ database }: Stage): Promise<void> {
  await database.query("TRUNCATE contacts CASCADE");
  await database.query("CHECKPOINT");
}
