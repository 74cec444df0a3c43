import { closeSync, createReadStream, fstatSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

export type LedgerKind = "request" | "answer" | "plan" | "event" | "webhook" | "webhook_answer";

export type LedgerEntry = { seq: number; at: number; kind: LedgerKind } & Record<string, unknown>;

export type LedgerFilter = { after?: number; kind?: string; phoneNumberId?: string; limit?: number };

export type Ledger = {
  /** Adds a line; `extra` is JSON text that becomes the last field as it is. */
  append: (kind: LedgerKind, fields: object, extra?: readonly [name: string, json: string]) => void;
  /** Runs the work once everything appended so far is in the file. */
  whenWritten: (work: () => void) => void;
  flush: () => void;
  /** A line boundary at or before the next line. */
  position: () => number;
  read: (filter: LedgerFilter, each: (line: string) => void | Promise<void>) => Promise<number>;
  seq: () => number;
  /** Reads from a known line on and continues to number from there. */
  scan: (from: { position: number; seq: number }, each: (entry: LedgerEntry) => void) => Promise<void>;
  close: () => void;
};

/** Milliseconds since 1970 with three decimals, on a clock that never goes back while the process lives. */
const instant = (): string => (performance.timeOrigin + performance.now()).toFixed(3);

/** JSON may contain these two as they are; who reads line by line takes them for ends of lines. */
const lineBreaks = /[\u2028\u2029]/;
const everyLineBreak = /[\u2028\u2029]/g;
const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16)}`;

/**
 * The witness: one JSON object per line, only ever appended to.
 * Lines of one turn of the event loop are written together, in order, before any answer of that turn leaves; the
 * page cache keeps them through a `kill -9`.
 */
export function openLedger(dir: string): Ledger {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, "ledger.jsonl");
  const descriptor = openSync(file, "a+", 0o600);
  let size = isolateBrokenTail(descriptor);
  let seq = 0;
  let lines = "";
  let waiting: (() => void)[] = [];
  let scheduled = false;
  const landmarks: { seq: number; position: number }[] = [];

  const flush = () => {
    scheduled = false;
    if (lines !== "") {
      const bytes = Buffer.from(lines);
      lines = "";
      let offset = 0;
      while (offset < bytes.length) offset += writeSync(descriptor, bytes, offset);
      size += bytes.length;
    }
    const ready = waiting;
    waiting = [];
    for (const work of ready) work();
  };
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  };

  async function* linesFrom(start: number) {
    flush();
    if (start >= size) return;
    const input = createReadStream(file, { start, end: size - 1, encoding: "utf8", highWaterMark: 1 << 20 });
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  }

  return {
    append: (kind, fields, extra) => {
      seq += 1;
      if (seq % 1000 === 0) landmarks.push({ seq, position: size });
      const text = JSON.stringify(fields);
      const head = `{"seq":${seq},"at":${instant()},"kind":"${kind}"${text === "{}" ? "" : ","}`;
      const line = extra
        ? `${head}${text.slice(1, -1)},"${extra[0]}":${extra[1]}}`
        : `${head}${text.slice(1)}`;
      lines += `${lineBreaks.test(line) ? line.replace(everyLineBreak, escapeUnit) : line}\n`;
      schedule();
    },
    whenWritten: (work) => {
      waiting.push(work);
      schedule();
    },
    flush,
    position: () => size,
    read: async (filter, each) => {
      const { after = 0, limit = Number.POSITIVE_INFINITY } = filter;
      const from = landmarks.findLast((landmark) => landmark.seq <= after)?.position ?? 0;
      let last = after;
      let count = 0;
      for await (const line of linesFrom(from)) {
        const entry = parseEntry(line);
        if (!entry || entry.seq <= after) continue;
        if (count >= limit) break;
        last = entry.seq;
        if (filter.kind !== undefined && !filter.kind.split(",").includes(entry.kind)) continue;
        if (filter.phoneNumberId !== undefined && !concerns(entry, filter.phoneNumberId)) continue;
        count += 1;
        await each(line);
      }
      return last;
    },
    seq: () => seq,
    scan: async (from, each) => {
      seq = Math.max(seq, from.seq);
      for await (const line of linesFrom(from.position)) {
        const entry = parseEntry(line);
        if (!entry) continue;
        seq = Math.max(seq, entry.seq);
        each(entry);
      }
    },
    close: () => {
      flush();
      closeSync(descriptor);
    },
  };
}

/** A line that was cut off by a crash is ended, so that the next one is whole; readers skip what is not JSON. */
function isolateBrokenTail(descriptor: number): number {
  const { size } = fstatSync(descriptor);
  if (size === 0) return 0;
  const last = Buffer.alloc(1);
  readSync(descriptor, last, 0, 1, size - 1);
  return last.toString() === "\n" ? size : size + writeSync(descriptor, "\n");
}

export function parseEntry(line: string): LedgerEntry | null {
  try {
    const entry: unknown = JSON.parse(line);
    return isEntry(entry) ? entry : null;
  } catch {
    return null;
  }
}

const isEntry = (value: unknown): value is LedgerEntry =>
  typeof value === "object" &&
  value !== null &&
  "seq" in value &&
  typeof value.seq === "number" &&
  "kind" in value;

const concerns = (entry: LedgerEntry, phoneNumberId: string): boolean =>
  entry.phoneNumberId === phoneNumberId ||
  (Array.isArray(entry.phoneNumberIds) && entry.phoneNumberIds.includes(phoneNumberId));
