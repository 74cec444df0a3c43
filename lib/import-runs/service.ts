import { randomUUID } from "node:crypto";
import { AppError } from "@/lib/errors";
import { BatchBuilder } from "@/lib/import-runs/batch";
import { PhoneLines } from "@/lib/import-runs/phone-lines";
import { type ImportRun, importRunRepository, LEASE_SECONDS } from "@/lib/import-runs/repository";
import { openTable } from "@/lib/imports/records";
import { rowReader } from "@/lib/imports/row";
import type { UserId } from "@/lib/tenant";
import { MissingUpload, readUpload, removeUpload } from "@/lib/uploads/service";

/** "busy": another import of the account, or another process, is at work; ask again later. */
export type RunOutcome = "ended" | "busy";

const fileIsGone = "The uploaded file is no longer on the server. Upload it again.";

/**
 * Reads a file and writes its people. Batches are committed together with the positions that say how far they are: after
 * a crash, or called twice, it goes on there and ends with the same result. Takes a core for a while, so the server runs
 * it in a process of its own.
 */
export async function runImport(userId: UserId, importId: string): Promise<RunOutcome> {
  const runner = randomUUID();
  const run = await importRunRepository.claim(userId, importId, runner);
  if (run === null) return "ended";
  if (run === "busy") return "busy";
  const lease = keepLease(userId, importId, runner);
  try {
    if (!(await writeRows(userId, importId, run))) return "ended";
  } catch (error) {
    const words =
      error instanceof AppError ? error.message : error instanceof MissingUpload ? fileIsGone : null;
    if (words === null) {
      await importRunRepository.release(userId, importId, runner);
      throw error;
    }
    await failImport(userId, importId, words);
    return "ended";
  } finally {
    lease.stop();
  }
  await importRunRepository.complete(userId, importId, runner);
  await removeUpload(importId);
  return "ended";
}

/** What was written so far stays, and the counters say how much that is. */
export async function failImport(userId: UserId, importId: string, words: string): Promise<void> {
  await importRunRepository.fail(userId, importId, words);
  await removeUpload(importId);
}

/** Shows signs of life also while a long file is read up to where it goes on. */
function keepLease(userId: UserId, importId: string, runner: string) {
  const timer = setInterval(
    () => void importRunRepository.renew(userId, importId, runner).catch(() => undefined),
    (LEASE_SECONDS * 1000) / 3,
  );
  return { stop: () => clearInterval(timer) };
}

/** False when another process took over. */
async function writeRows(userId: UserId, importId: string, run: ImportRun): Promise<boolean> {
  const { options, positions } = run;
  const { batches } = await openTable(() => readUpload(importId));
  const readRow = rowReader(options);
  const findDouble = options.duplicates === "first" ? firstWins() : await lastWins(importId, readRow);
  const parts = positions.map((position, index) => new PartWriter(userId, importId, run, index, position));
  let ordinal = 0;
  for await (const rows of batches) {
    for (const { line, cells } of rows) {
      ordinal++;
      const result = readRow(cells);
      const phone = "contact" in result ? Number(result.contact.phone) : null;
      const double = phone === null ? null : findDouble(phone, line);
      const part = parts[(phone ?? ordinal) % parts.length];
      if (!part || ordinal <= part.position) continue;
      const { builder } = part;
      if ("reason" in result) builder.addRejection(ordinal, line, result.reason, cells, false);
      else if (double !== null) builder.addRejection(ordinal, line, double, cells, true);
      else builder.addContact(ordinal, line, result.contact, cells);
      if (builder.isFull && !(await part.flush())) return false;
    }
  }
  const isWritten = await Promise.all(parts.map((part) => part.finish()));
  return isWritten.every(Boolean);
}

/** Why a row is not the one that is taken for its number; null when it is. */
type FindDouble = (phone: number, line: number) => string | null;

function firstWins(): FindDouble {
  const lines = new PhoneLines();
  return (phone, line) => {
    const first = lines.add(phone, line);
    return first === null ? null : `The same phone number as in line ${first}`;
  };
}

/** Needs to have read the whole file before its first row can be judged. */
async function lastWins(importId: string, readRow: ReturnType<typeof rowReader>): Promise<FindDouble> {
  const lines = new PhoneLines();
  const { batches } = await openTable(() => readUpload(importId));
  for await (const rows of batches) {
    for (const { line, cells } of rows) {
      const result = readRow(cells);
      if ("contact" in result) lines.replace(Number(result.contact.phone), line);
    }
  }
  return (phone, line) => {
    const last = lines.get(phone);
    return last === line ? null : `Line ${last} has the same phone number and is newer`;
  };
}

/** Writes one part of the numbers over a connection of its own, while the next batch is being read. */
class PartWriter {
  readonly builder: BatchBuilder;
  /** Of the last row that was handed over. */
  position: number;
  private writing: Promise<boolean> = Promise.resolve(true);

  constructor(
    private readonly userId: UserId,
    private readonly importId: string,
    private readonly run: ImportRun,
    private readonly index: number,
    position: number,
  ) {
    this.position = position;
    this.builder = new BatchBuilder(userId, importId, run.isTight);
  }

  /** Hands the batch over once the one before it is written; false when that one could not be. */
  async flush(): Promise<boolean> {
    if (!(await this.writing)) return false;
    const { index, position } = this;
    const batch = this.builder.take();
    this.position = batch.upTo;
    this.writing = importRunRepository.write(
      this.userId,
      this.importId,
      this.run,
      { index, position },
      batch,
    );
    // Whoever awaits it sees the failure; until then it must not count as unhandled.
    this.writing.catch(() => undefined);
    return true;
  }

  async finish(): Promise<boolean> {
    if (!this.builder.isEmpty && !(await this.flush())) return false;
    return this.writing;
  }
}
