import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { inngest } from "@/inngest/client";
import { importConfirmed } from "@/inngest/events";
import { env } from "@/lib/env";
import { AppError, conflict, invalid } from "@/lib/errors";
import { encodeCsv, rejectionColumns } from "@/lib/imports/csv";
import { guessMapping } from "@/lib/imports/mapping";
import { findBinaryKind, openTable, type Source } from "@/lib/imports/records";
import { type Chunk, type ImportJob, importRepository } from "@/lib/imports/repository";
import { rowReader } from "@/lib/imports/row";
import { MAX_FILE_BYTES, type StartImport } from "@/lib/imports/schema";
import { logger } from "@/lib/logger";
import type { UserId } from "@/lib/tenant";
import { userRepository } from "@/lib/users/repository";

/** Rows per transaction: large enough that the round trips do not count, small enough that progress is seen. */
const CHUNK_SIZE = 2_000;
const PREVIEW_ROWS = 5;
const SHOWN_REJECTIONS = 200;
/** What the mapping is guessed from. */
const SAMPLE_ROWS = 100;
/** Of a rejected row, for the owner to recognise it by. */
const MAX_KEPT_CELL = 500;

const pathOf = (importId: string) => join(env.UPLOADS_DIR, `${importId}.csv`);

/** Opened when it is read: a stream that nobody listens to yet would take the process down with its error. */
const readFile = (path: string): Source =>
  async function* () {
    yield* createReadStream(path);
  };

/** Stores a file after a first look at it; what cannot be a list of people is refused with the reason. */
export async function uploadImport(
  userId: UserId,
  fileName: string,
  body: ReadableStream<Uint8Array> | null,
): Promise<{ id: string }> {
  await mkdir(env.UPLOADS_DIR, { recursive: true, mode: 0o700 });
  const path = join(env.UPLOADS_DIR, `${crypto.randomUUID()}.part`);
  try {
    await save(body, path);
    const { id } = await importRepository.create(userId, { fileName, totalRows: await countRows(path) });
    await rename(path, pathOf(id));
    return { id };
  } finally {
    await rm(path, { force: true });
  }
}

async function save(body: ReadableStream<Uint8Array> | null, path: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    let size = 0;
    for await (const bytes of body ?? []) {
      const kind = size === 0 && findBinaryKind(bytes);
      if (kind) throw invalid("file", `This is ${kind}. ${howToSave}`);
      size += bytes.byteLength;
      if (size > MAX_FILE_BYTES) throw tooLarge();
      await file.writeFile(bytes);
    }
    if (size === 0) throw invalid("file", "The file is empty");
  } finally {
    await file.close();
  }
}

const howToSave =
  "In your spreadsheet choose “Save as” or “Download” and the format CSV, then upload that file.";

const tooLarge = () =>
  new AppError(
    "TOO_LARGE",
    "The file is larger than 50 MB. Split it and upload the parts one after the other.",
  );

async function countRows(path: string): Promise<number> {
  const { rows } = await openTable(readFile(path));
  let count = 0;
  for await (const _row of rows) count++;
  if (count === 0) throw invalid("file", "The file has a header, but no rows below it");
  return count;
}

/** How far an import is; of the rejected rows only the first, because all of them are a download of their own. */
export async function getImport(userId: UserId, importId: string) {
  const [progress, rejected] = await Promise.all([
    importRepository.get(userId, importId),
    importRepository.listRejected(userId, importId),
  ]);
  return { ...progress, columns: rejected.columns, rejectedRows: rejected.rows.slice(0, SHOWN_REJECTIONS) };
}

/** The rejected rows as a file that can be corrected and imported again. */
export async function exportRejected(userId: UserId, importId: string): Promise<string> {
  const { columns, rows } = await importRepository.listRejected(userId, importId);
  return encodeCsv([
    [...rejectionColumns, ...columns],
    ...rows.map(({ line, reason, cells }) => [String(line), reason, ...cells]),
  ]);
}

/** The first rows of a file and what its columns seem to hold. */
export async function previewImport(userId: UserId, importId: string) {
  const { fileName, totalRows } = await getUploaded(userId, importId);
  const { defaultCountry } = await userRepository.get(userId);
  const { columns, rows } = await readSample(importId);
  return {
    id: importId,
    fileName,
    totalRows,
    columns,
    rows: rows.slice(0, PREVIEW_ROWS),
    defaultCountry,
    mapping: guessMapping(columns, rows, defaultCountry),
  };
}

/** Begins an import exactly once, however often it is asked to. */
export async function startImport(userId: UserId, importId: string, input: StartImport): Promise<void> {
  await getUploaded(userId, importId);
  const { columns } = await readSample(importId);
  const { phone, custom, ...rest } = input.mapping;
  const missing = [phone, ...Object.values(rest), ...Object.keys(custom)].find(
    (column) => !columns.includes(column),
  );
  if (missing !== undefined) throw invalid("mapping", `The file has no column “${missing}”`);

  const { consentStatement, ...options } = input;
  const isStarted = await importRepository.start(
    userId,
    importId,
    { ...options, columns },
    input.agreed ? consentStatement : null,
  );
  if (!isStarted) throw alreadyStarted();
  await announce({ userId, importId });
}

const alreadyStarted = () => conflict("This import has been started already");

async function getUploaded(userId: UserId, importId: string) {
  const found = await importRepository.get(userId, importId);
  if (found.status !== "uploaded") throw alreadyStarted();
  return found;
}

async function readSample(importId: string): Promise<{ columns: string[]; rows: string[][] }> {
  try {
    const table = await openTable(readFile(pathOf(importId)));
    const rows: string[][] = [];
    for await (const { cells } of table.rows) if (rows.push(cells) >= SAMPLE_ROWS) break;
    return { columns: table.columns, rows };
  } catch (error) {
    throw isMissing(error) ? conflict(fileIsGone) : error;
  }
}

const fileIsGone = "The uploaded file is no longer on the server. Upload it again.";
const isMissing = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOENT";

async function announce(job: { userId: UserId; importId: string }): Promise<void> {
  await inngest
    .send(importConfirmed.create(job))
    .catch((error: unknown) =>
      logger.warn({ error: String(error) }, "an event was not sent; the sweep will"),
    );
}

/**
 * Reads the file and writes its people, chunk by chunk. Every chunk is committed together with the counters that say how
 * far it is: after a crash, or called twice, it goes on there and ends with the same result.
 */
export async function runImport(userId: UserId, importId: string): Promise<void> {
  const job = await importRepository.findJob(userId, importId);
  if (!job) return;
  try {
    if (!(await writeRows(userId, importId, job))) return;
  } catch (error) {
    if (!(error instanceof AppError) && !isMissing(error)) throw error;
    return failImport(userId, importId, error instanceof AppError ? error.message : fileIsGone);
  }
  await importRepository.complete(userId, importId);
  await rm(pathOf(importId), { force: true });
}

/** False when another run took over. */
async function writeRows(userId: UserId, importId: string, start: ImportJob): Promise<boolean> {
  const { rows } = await openTable(readFile(pathOf(importId)));
  const readRow = rowReader(start.options);
  const firstLines = new Map<number, number>();
  const job = { ...start };
  let skipped = 0;
  let chunk: Chunk = { contacts: [], rejected: [] };
  const write = async () => {
    const size = chunk.contacts.length + chunk.rejected.length;
    if (size > 0 && !(await importRepository.apply(userId, importId, job, chunk))) return false;
    job.position += size;
    chunk = { contacts: [], rejected: [] };
    return true;
  };

  for await (const { line, cells } of rows) {
    const result = readRow(cells);
    const number = "contact" in result ? Number(result.contact.phone) : null;
    const firstLine = number === null ? undefined : firstLines.get(number);
    if (number !== null && firstLine === undefined) firstLines.set(number, line);
    if (skipped < start.position) {
      skipped++;
      continue;
    }
    if ("reason" in result) chunk.rejected.push({ line, reason: result.reason, cells: keep(cells) });
    else if (firstLine === undefined) chunk.contacts.push({ ...result.contact, line });
    else {
      const reason = `The same phone number as in line ${firstLine}`;
      chunk.rejected.push({ line, reason, cells: keep(cells) });
    }
    if (chunk.contacts.length + chunk.rejected.length >= CHUNK_SIZE && !(await write())) return false;
  }
  return write();
}

/** Cut between characters: half of a surrogate pair is no text. */
const keep = (cells: string[]) =>
  cells.map((cell) => cell.slice(0, MAX_KEPT_CELL).replace(/[\ud800-\udbff]$/, ""));

/** What was written so far stays, and the counters say how much that is. */
export async function failImport(userId: UserId, importId: string, words: string): Promise<void> {
  await importRepository.fail(userId, importId, words);
  await rm(pathOf(importId), { force: true });
}

/** Wakes imports that stand still and forgets uploads that nobody started. */
export async function sweepImports(): Promise<void> {
  for (const job of await importRepository.findStalledOfAllTenants())
    await inngest.send(importConfirmed.create(job));
  for (const id of await importRepository.removeAbandonedOfAllTenants())
    await rm(pathOf(id), { force: true });
}
