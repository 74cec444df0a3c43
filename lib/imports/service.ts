import { inngest } from "@/inngest/client";
import { importConfirmed } from "@/inngest/events";
import { AppError, conflict, invalid } from "@/lib/errors";
import { PhoneLines } from "@/lib/import-runs/phone-lines";
import { importRunRepository } from "@/lib/import-runs/repository";
import { rejectionColumns, streamCsv } from "@/lib/imports/csv";
import { exportedMapping, type GuessedMapping, guessMapping, recallMapping } from "@/lib/imports/mapping";
import { findBinaryKind, openTable } from "@/lib/imports/records";
import { importRepository } from "@/lib/imports/repository";
import { rowReader } from "@/lib/imports/row";
import { type ImportOptions, MAX_FILE_BYTES, MAX_FILE_SIZE, type StartImport } from "@/lib/imports/schema";
import { logger } from "@/lib/logger";
import type { UserId } from "@/lib/tenant";
import {
  listOldUploads,
  MissingUpload,
  readGently,
  receive,
  removeUpload,
  saveUpload,
} from "@/lib/uploads/service";
import { userRepository } from "@/lib/users/repository";
import { refuseFile, warnOfLimit } from "@/lib/users/tiers";

const PREVIEW_ROWS = 8;
/** What the mapping is guessed from. */
const SAMPLE_ROWS = 100;
const SAMPLE_SIZE = 1_000_000;
/** Where a file that is no text shows it, in however small pieces it comes. */
const HEAD_BYTES = 1_000;
/** What an account may have lying here in files that are not imported yet. */
const MAX_STORED_BYTES = 500 * 1024 * 1024;

/** Bytes on their way in, which no row of the database knows of yet. */
const arriving = new Map<UserId, number>();

/** Stores a file after a first look at it; what cannot be a list of people is refused with the reason. */
export async function uploadImport(
  userId: UserId,
  fileName: string,
  body: ReadableStream<Uint8Array> | null,
): Promise<{ id: string }> {
  const [{ id, storedBytes }, { subscriptionTier }] = await Promise.all([
    importRepository.prepare(userId),
    userRepository.get(userId),
  ]);
  await saveUpload(id, limit(userId, storedBytes, body), async (fileBytes) => {
    const totalRows = await countRows(id);
    const refusal = refuseFile(subscriptionTier, totalRows);
    if (refusal) throw invalid("file", refusal);
    await importRepository.create(userId, { id, fileName, fileBytes, totalRows });
  });
  return { id };
}

async function* limit(
  userId: UserId,
  storedBytes: number,
  body: ReadableStream<Uint8Array> | null,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  let head: Uint8Array = new Uint8Array();
  try {
    for await (const bytes of body ? receive(body) : []) {
      if (head.length < HEAD_BYTES) {
        head = Buffer.concat([head, bytes.subarray(0, HEAD_BYTES)]);
        const kind = findBinaryKind(head);
        if (kind) throw invalid("file", `This is ${kind}. ${howToSave}`);
      }
      size += bytes.byteLength;
      const arrivingBytes = (arriving.get(userId) ?? 0) + bytes.byteLength;
      arriving.set(userId, arrivingBytes);
      if (size > MAX_FILE_BYTES) throw new AppError("TOO_LARGE", tooLarge);
      if (storedBytes + arrivingBytes > MAX_STORED_BYTES) throw new AppError("TOO_LARGE", tooMuch);
      yield bytes;
    }
    if (size === 0) throw invalid("file", "The file is empty");
  } finally {
    const left = (arriving.get(userId) ?? 0) - size;
    if (left > 0) arriving.set(userId, left);
    else arriving.delete(userId);
  }
}

const howToSave =
  "In your spreadsheet choose “Save as” or “Download” and the format CSV, then upload that file.";
const tooLarge = `The file is larger than ${MAX_FILE_SIZE}. Split it and upload the parts one after the other.`;
const tooMuch =
  "More than 500 MB of your files are waiting to be imported. Import them or discard them, then upload this one again.";

/** Refuses a larger file before its first byte is stored. */
export function refuseLength(contentLength: string | null): void {
  if (Number(contentLength) > MAX_FILE_BYTES) throw new AppError("TOO_LARGE", tooLarge);
}

async function countRows(id: string): Promise<number> {
  const { batches } = await openTable(() => readGently(id));
  let count = 0;
  for await (const rows of batches) count += rows.length;
  if (count === 0) throw invalid("file", "The file has a header, but no rows below it");
  return count;
}

/** Takes an upload back that was not started. */
export async function discardImport(userId: UserId, importId: string): Promise<void> {
  await importRepository.get(userId, importId);
  if (!(await importRepository.discard(userId, importId))) throw alreadyStarted();
  await removeUpload(importId);
}

/** How far an import is; of the rejected rows only the first, because all of them are a download of their own. */
export async function getImport(userId: UserId, importId: string) {
  const [progress, columns, rejectedRows] = await Promise.all([
    importRepository.get(userId, importId),
    importRepository.listColumns(userId, importId),
    importRepository.showRejected(userId, importId),
  ]);
  return { ...progress, columns, rejectedRows };
}

/** The rejected rows as a file that can be corrected and imported again, piece by piece. */
export async function exportRejected(userId: UserId, importId: string): Promise<AsyncGenerator<string>> {
  const columns = await importRepository.listColumns(userId, importId);
  return streamCsv([...rejectionColumns, ...columns], readRejected(userId, importId));
}

async function* readRejected(userId: UserId, importId: string): AsyncGenerator<string[][]> {
  let line = 0;
  for (;;) {
    const rows = await importRepository.listRejected(userId, importId, line);
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(({ line, reason, cells }) => [String(line), reason, ...cells]);
    line = last.line;
  }
}

/**
 * The first rows of a file and what its columns hold: as chosen for an earlier file like it, or else as they seem.
 * `warning` says what the plan will not take.
 */
export async function previewImport(userId: UserId, importId: string) {
  const { fileName, totalRows } = await getUploaded(userId, importId);
  const { defaultCountry, subscriptionTier } = await userRepository.get(userId);
  const { columns, rows } = await readSample(importId);
  const [earlier, contacts] = await Promise.all([
    importRepository.listOptions(userId, columns),
    importRepository.countContacts(userId),
  ]);
  const remembered = recall(columns, rows, earlier);
  const country = remembered?.defaultCountry ?? defaultCountry;
  const exported = exportedMapping(columns);
  const mapping = exported ?? remembered?.mapping ?? guessMapping(columns, rows, country);
  const isClose = warnOfLimit(subscriptionTier, contacts, totalRows) !== null;
  const newcomers = isClose
    ? await countNewcomers(userId, importId, { columns, mapping, defaultCountry: country }, totalRows)
    : 0;
  return {
    id: importId,
    fileName,
    totalRows,
    columns,
    rows: rows.slice(0, PREVIEW_ROWS),
    defaultCountry: country,
    mapping,
    isRemembered: remembered !== null && !exported,
    existing: remembered?.existing ?? "fill",
    duplicates: remembered?.duplicates ?? "first",
    warning: warnOfLimit(subscriptionTier, contacts, newcomers),
  };
}

function recall(columns: string[], rows: string[][], earlier: ImportOptions[]) {
  for (const options of earlier) {
    const mapping = recallMapping(columns, rows, options);
    if (mapping) return { ...options, mapping };
  }
  return null;
}

const COUNTED_AT_ONCE = 20_000;

/** Exactly, by reading the file; all its rows as long as nobody knows where its numbers are. */
async function countNewcomers(
  userId: UserId,
  importId: string,
  {
    mapping,
    ...options
  }: Pick<ImportOptions, "columns" | "defaultCountry"> & {
    mapping: GuessedMapping;
  },
  totalRows: number,
): Promise<number> {
  const { phone } = mapping;
  if (phone === null) return totalRows;
  const readRow = rowReader({ ...options, mapping: { ...mapping, phone }, tags: [], agreed: false });
  const { batches } = await openTable(() => readGently(importId));
  const lines = new PhoneLines();
  let phones: string[] = [];
  let count = 0;
  for await (const rows of batches) {
    for (const { line, cells } of rows) {
      const result = readRow(cells);
      if ("contact" in result && lines.add(Number(result.contact.phone), line) === null)
        phones.push(result.contact.phone);
    }
    if (phones.length < COUNTED_AT_ONCE) continue;
    count += await importRepository.countNewcomers(userId, phones);
    phones = [];
  }
  return count + (await importRepository.countNewcomers(userId, phones));
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
    const table = await openTable(() => readGently(importId));
    const rows: string[][] = [];
    let size = 0;
    for await (const { cells } of table.rows) {
      size += cells.reduce((sum, { length }) => sum + length, cells.length);
      if (rows.push(cells) >= SAMPLE_ROWS || size >= SAMPLE_SIZE) break;
    }
    return { columns: table.columns, rows };
  } catch (error) {
    throw error instanceof MissingUpload
      ? conflict("The uploaded file is no longer on the server. Upload it again.")
      : error;
  }
}

async function announce(job: { userId: UserId; importId: string }): Promise<void> {
  await inngest
    .send(importConfirmed.create(job))
    .catch((error: unknown) =>
      logger.warn({ error: String(error) }, "an event was not sent; the sweep will"),
    );
}

/** Wakes imports that stand still, and forgets what nobody will ask for again. */
export async function sweepImports(): Promise<void> {
  for (const job of await importRunRepository.findStalledOfAllTenants())
    await inngest.send(importConfirmed.create(job));
  for (const id of await importRepository.removeAbandonedOfAllTenants()) await removeUpload(id);
  const old = await importRepository.findFinishedOfAllTenants(await listOldUploads());
  for (const id of old) await removeUpload(id);
  await importRepository.forgetDetailsOfAllTenants();
}
