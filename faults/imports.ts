import { setTimeout as sleep } from "node:timers/promises";
import { type Outcome, violationsBetween } from "@/faults/import-outcomes";
import { comesTrue, insist } from "@/faults/patience";
import type { Stage } from "@/faults/stage";
import { type Owner, openOwner } from "@/faults/tenant";
import { createRandom, hash, type Random } from "@/local/sandbox/random";

export type ImportsOptions = {
  seed: number;
  /** In each of three files. */
  rows: number;
  /** Lets time pass faster where a run would only wait: for the lease of a process that died, for the next sweep. */
  isHurried: boolean;
};

export type ImportsResult = { faults: string[]; rows: number; violations: string[]; seconds: number };

type Import = { owner: Owner; importId: string };

const WAIT_MS = 5 * 60_000;
const STANDSTILL_MS = 3_000;
const SHORT_MS = 400;

/**
 * Two accounts import the same people, one of them from two files that overlap, at the same time: first left in peace,
 * then while whatever takes part is killed at a seeded share of the rows. Both must come to the same.
 */
export async function runImports(
  stage: Stage,
  { seed, rows, isHurried }: ImportsOptions,
): Promise<ImportsResult> {
  const startedAt = performance.now();
  const random = createRandom(hash(`imports ${seed}`));
  const files = [
    [fileOf(random, rows, 0, "spring"), fileOf(random, rows, rows / 2, "autumn")],
    [fileOf(random, rows, 0, "spring")],
  ];
  const inPeace = await startImports(stage, files);
  await toEnd(stage, inPeace, isHurried);
  const struck = await startImports(stage, files);
  const [faults] = await Promise.all([strikeAll(stage, struck, random), toEnd(stage, struck, isHurried)]);
  return {
    faults,
    rows: rows * files.flat().length,
    violations: violationsBetween(await outcomeOf(stage, inPeace), await outcomeOf(stage, struck)),
    seconds: (performance.now() - startedAt) / 1000,
  };
}

/** Some bad, some twice; what the files say of a person does not depend on which of them is first. */
function fileOf(random: Random, rows: number, from: number, tag: string): Uint8Array<ArrayBuffer> {
  const lines = Array.from({ length: rows }, (_, index) => {
    const person = from + (random() < 0.02 ? Math.floor(index * random()) : index);
    const phone = random() < 0.03 ? "call me" : `0151 ${String(10_000_000 + person)}`;
    return `${phone},Person ${person},${tag},"Street ${person}, Köln"`;
  });
  return new TextEncoder().encode(["phone,name,tags,address", ...lines, ""].join("\n"));
}

async function startImports(stage: Stage, files: Uint8Array<ArrayBuffer>[][]): Promise<Import[]> {
  const started: Import[] = [];
  for (const own of files) {
    const owner = await openOwner(stage, "importer");
    await stage.query(`UPDATE users SET "subscriptionTier" = 'pro' WHERE id = $1`, [owner.userId]);
    for (const file of own) {
      const { id } = await owner.browser.upload<{ id: string }>("/api/imports?fileName=people.csv", file);
      started.push({ owner, importId: id });
    }
  }
  const mapping = { phone: "phone", name: "name", tags: "tags", custom: { address: "address" } };
  const choices = {
    mapping,
    defaultCountry: "DE",
    agreed: true,
    consentStatement: "Signed at the counter",
  };
  for (const { owner, importId } of started)
    await owner.browser.post(`/api/imports/${importId}/start`, choices);
  return started;
}

const idsOf = (imports: Import[]) => imports.map(({ importId }) => importId);

async function progressOf({ query }: Stage, imports: Import[]): Promise<{ share: number; isOver: boolean }> {
  const [progress] = await query<{ share: number; isOver: boolean }>(
    `SELECT sum("createdCount" + "updatedCount" + "unchangedCount" + "skippedCount" + "rejectedCount" + "duplicateCount")
       ::float / sum("totalRows") AS share, bool_and(status <> 'processing') AS "isOver"
     FROM imports WHERE id = ANY($1::uuid[])`,
    [idsOf(imports)],
  );
  if (!progress) throw new Error("There are no imports.");
  return progress;
}

async function strikeAll(stage: Stage, imports: Import[], random: Random): Promise<string[]> {
  const strikes: [string, () => Promise<unknown>][] = [
    ["SIGKILL import", () => stage.killImport()],
    ["SIGKILL import", () => stage.killImport()],
    ["SIGKILL server", () => stage.kill("server", "SIGKILL")],
    ["SIGTERM server", () => stage.kill("server", "SIGTERM")],
    ["SIGKILL engine", () => stage.kill("engine", "SIGKILL")],
    ["crash database", () => stage.crashDatabase()],
  ];
  const plan = strikes
    .map(([name, strike]) => ({ name, strike, share: 0.9 * random(), pause: SHORT_MS * random() }))
    .toSorted((one, other) => one.share - other.share);
  const struck: string[] = [];
  for (const { name, strike, share, pause } of plan) {
    await comesTrue(async () => {
      const now = await progressOf(stage, imports);
      return now.share >= share || now.isOver;
    }, WAIT_MS);
    await sleep(pause);
    if ((await progressOf(stage, imports)).isOver) break;
    if ((await strike()) !== false) struck.push(`${name} at ${Math.round(share * 100)} %`);
  }
  return struck;
}

async function toEnd(stage: Stage, imports: Import[], isHurried: boolean): Promise<void> {
  let last = -1;
  let movedAt = performance.now();
  await comesTrue(async () => {
    const { share, isOver } = await progressOf(stage, imports);
    if (isOver) return true;
    if (share !== last) movedAt = performance.now();
    last = share;
    if (isHurried && performance.now() - movedAt > STANDSTILL_MS) {
      movedAt = performance.now();
      await stage.query(
        `UPDATE imports SET "runnerUntil" = now() - interval '1 second' WHERE id = ANY($1::uuid[]) AND status = 'processing'`,
        [idsOf(imports)],
      );
      await stage.sendEvent("server/started");
    }
    return false;
  }, WAIT_MS);
}

async function outcomeOf(stage: Stage, imports: Import[]): Promise<Outcome> {
  const rowsOf = (text: string, ids: string[]) => insist("to look", () => stage.query(text, [ids]));
  const accounts = [...new Set(imports.map(({ owner }) => owner.userId))];
  const files = await rowsOf(
    `SELECT status, "totalRows" AS total, "createdCount" AS created, "updatedCount" AS updated,
       "unchangedCount" AS unchanged, "rejectedCount" AS rejected, "duplicateCount" AS duplicates, (
         SELECT md5(string_agg(concat_ws('|', line, "isDuplicate", reason, cells), E'\\n' ORDER BY line))
         FROM import_rejections WHERE "importId" = imports.id
       ) AS rejections
     FROM imports WHERE id = ANY($1::uuid[]) ORDER BY id`,
    idsOf(imports),
  );
  const people = await rowsOf(
    `SELECT count(*)::int AS contacts, md5(string_agg(concat_ws('|', phone, name, email, ARRAY(
         SELECT unnest(tags) ORDER BY 1), metadata, "optedIn", "optInSource"), E'\\n' ORDER BY phone)) AS content,
       (SELECT md5(string_agg(concat_ws('|', phone, event.action, event.source, event.wording), E'\\n' ORDER BY phone))
        FROM consent_events AS event JOIN contacts AS person ON person.id = event."contactId"
        WHERE event."userId" = contacts."userId") AS consent
     FROM contacts WHERE "userId" = ANY($1::uuid[]) GROUP BY "userId" ORDER BY array_position($1::uuid[], "userId")`,
    accounts,
  );
  return { files, people } as Outcome;
}
