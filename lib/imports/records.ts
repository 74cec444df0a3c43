import Papa from "papaparse";
import { exportedHeader } from "@/lib/contact-exports/columns";
import { type AppError, invalid } from "@/lib/errors";
import { meaningOf } from "@/lib/imports/column-names";

/** The bytes of a file from its beginning, as often as they are asked for. */
export type Source = () => AsyncIterable<Uint8Array>;

/** `line` is where the record starts in the file; a record can span several lines. */
export type Row = { line: number; cells: string[] };

/** `columns` has a unique name for every column. The rows can be read once, in batches or one by one. */
export type Table = { columns: string[]; batches: AsyncIterable<Row[]>; rows: AsyncIterable<Row> };

/** Of two that fit equally well the first one: commas are in texts, too. */
const delimiters = ["\t", ";", "|", ","];
export const MAX_COLUMNS = 200;
/** How much is looked at to find the delimiter. */
const HEAD_LENGTH = 10_000;
/** No value that a contact can hold comes near it. */
export const MAX_FIELD_LENGTH = 65_536;
/** Longer than any honest row: somebody opened a quote and never closed it, or this is no table. */
const MAX_RECORD_LENGTH = 1_000_000;
/** How far down a header may stand, and how many cells of a row above it may say something. */
const MAX_TITLES = 10;
const MAX_TITLE_CELLS = 2;

/** A number in any script, also as a spreadsheet mangles it, or an e-mail address: neither is the name of a column. */
const value =
  /^'?[+(]?\p{Nd}[\p{Nd}\s().\p{Pd}/]{6,}$|^\p{Nd}[.,]\p{Nd}+E\+\p{Nd}+$|^[^\s@]+@[^\s@]+\.[^\s@]+$/u;
const invisible = /\p{Cf}/gu;

/** Reads a CSV file of any usual encoding, line ending and delimiter, in constant memory. */
export async function openTable(source: Source): Promise<Table> {
  const batches = readRecords(source);
  const begin = await batches.next();
  const first = begin.done ? [] : begin.value;
  const [header, ...others] = first.slice(findHeader(first));
  if (!header) throw invalid("file", "The file is empty");
  const { cells } = header;
  if (cells.length > MAX_COLUMNS) {
    await batches.return(undefined);
    throw invalid("file", `The file has ${cells.length} columns. At most ${MAX_COLUMNS} can be imported.`);
  }
  // A custom field may be called by a day or a number.
  const hasHeader = exportedHeader(cells) !== null || !cells.some(isValue);
  const rest = prepend(hasHeader ? others : [header, ...others], batches);
  return {
    columns: hasHeader ? nameColumns(cells) : cells.map((_, index) => `Column ${index + 1}`),
    batches: rest,
    rows: oneByOne(rest),
  };
}

const isValue = (cell: string) => value.test(cell.replace(invisible, "").trim());
const isFilled = (cell: string) => cell.trim() !== "";

/**
 * Where the header is: in the first row, or below the title that some programs put above it. Then one of its columns is
 * called as numbers are, or there are numbers below it and none above.
 */
function findHeader(rows: Row[]): number {
  let widest = 0;
  const hasValues = (index: number) => rows[index]?.cells.some(isValue) ?? false;
  for (const [index, { cells }] of rows.slice(0, MAX_TITLES).entries()) {
    const width = cells.filter(isFilled).length;
    const isHeader = cells.some((cell) => meaningOf(cell) === "phone") && !hasValues(index);
    if (isHeader) return width > widest ? index : 0;
    widest = Math.max(widest, width);
    if (widest <= MAX_TITLE_CELLS) continue;
    const isBetween = hasValues(index + 1) && !rows.slice(0, index + 1).some((_, above) => hasValues(above));
    return isBetween ? index : 0;
  }
  return 0;
}

function nameColumns(header: string[]): string[] {
  const names: string[] = [];
  for (const [index, cell] of header.entries()) {
    const name = cell.replace(/\s+/g, " ").trim().slice(0, 100) || `Column ${index + 1}`;
    let unique = name;
    for (let copy = 2; names.includes(unique); copy++) unique = `${name} (${copy})`;
    names.push(unique);
  }
  return names;
}

async function* prepend(first: Row[], rest: AsyncIterable<Row[]>): AsyncGenerator<Row[]> {
  if (first.length > 0) yield first;
  yield* rest;
}

async function* oneByOne(batches: AsyncIterable<Row[]>): AsyncGenerator<Row> {
  for await (const batch of batches) yield* batch;
}

/** Every record but those without any text. No batch is empty. */
async function* readRecords(source: Source): AsyncGenerator<Row[]> {
  let parser: Papa.Parser | undefined;
  let quote = '"';
  let rest = "";
  let line = 1;
  const recordsIn = (text: string, isEnd: boolean): Row[] => {
    rest += text;
    if (!parser && !isEnd && rest.length < HEAD_LENGTH) return [];
    if (!parser) {
      quote = findQuote(rest);
      parser = new Papa.Parser({ delimiter: findDelimiter(rest, quote), quoteChar: quote, newline: "\n" });
    }
    const isPlain = !rest.includes(quote);
    const hasFormulas = rest.includes('="');
    const parsed: Papa.ParseResult<string[]> = parser.parse(rest, 0, !isEnd);
    rest = isEnd ? "" : rest.slice(parsed.meta.cursor);
    const isTorn = isEnd && parsed.errors.some(({ code }) => code === "MissingQuotes");
    const rows: Row[] = [];
    for (const [index, cells] of parsed.data.entries()) {
      if (isTorn && index === parsed.data.length - 1) throw unclosedQuote(line);
      const isHint = line === 1 && /^sep=.?$/i.test(cells.join(""));
      if (!isHint && hasText(cells, line))
        rows.push({ line, cells: hasFormulas ? cells.map(unwrap) : cells });
      line += isPlain ? 1 : cells.reduce((lines, cell) => lines + countBreaks(cell), 1);
    }
    if (rest.length > MAX_RECORD_LENGTH) throw explainLongRecord(parser, rest, line);
    return rows;
  };

  const encoding = await findEncoding(source());
  for await (const text of decode(source(), encoding)) {
    const rows = recordsIn(text, false);
    if (rows.length > 0) yield rows;
  }
  const rows = recordsIn("", true);
  if (rows.length > 0) yield rows;
}

/** A number that somebody kept from being calculated with: ="0151 23456789". */
const unwrap = (cell: string) => /^="([^"]*)"$/.exec(cell)?.[1] ?? cell;

function hasText(cells: string[], line: number): boolean {
  let found = false;
  for (const cell of cells) {
    if (cell.length > MAX_FIELD_LENGTH) throw longField(line);
    found ||= cell !== "" && cell.trim() !== "";
  }
  return found;
}

function countBreaks(cell: string): number {
  let count = 0;
  for (let at = cell.indexOf("\n"); at !== -1; at = cell.indexOf("\n", at + 1)) count++;
  return count;
}

/** The beginning of a record that does not end. */
function explainLongRecord(parser: Papa.Parser, text: string, line: number): AppError {
  const { data, errors } = parser.parse(text, 0, false) as Papa.ParseResult<string[]>;
  if (errors.some(({ code }) => code === "MissingQuotes")) return unclosedQuote(line);
  const count = data[0]?.length ?? 0;
  return count > MAX_COLUMNS
    ? invalid(
        "file",
        `Line ${line} has more than ${MAX_COLUMNS} columns. At most ${MAX_COLUMNS} can be imported.`,
      )
    : longField(line);
}

const longField = (line: number) =>
  invalid(
    "file",
    `A value in line ${line} is longer than ${MAX_FIELD_LENGTH.toLocaleString("en")} characters. Shorten it and upload the file again.`,
  );

const unclosedQuote = (line: number) =>
  invalid(
    "file",
    `A quotation mark opens in line ${line} and is never closed, so the rest of the file cannot be read. Correct that line and upload the file again.`,
  );

/**
 * What divides most of the first rows, most of them into equally many cells, and into more of them: a title above them may
 * have none. Excel writes it into the first line on request.
 */
function findDelimiter(text: string, quoteChar: string): string {
  const hint = /^sep=(.)\n/i.exec(text)?.[1];
  if (hint && delimiters.includes(hint)) return hint;
  const score = (delimiter: string) => {
    const { data } = Papa.parse<string[]>(text, {
      ...{ delimiter, quoteChar, preview: 20, newline: "\n", skipEmptyLines: "greedy" },
    });
    const widths = data.map(({ length }) => length).filter((width) => width > 1);
    const alike = widths.map((width) => widths.filter((other) => other === width).length);
    return widths.length + Math.max(0, ...alike) + Math.min(Math.max(0, ...widths), MAX_COLUMNS) / 1000;
  };
  const scores = delimiters.map(score);
  return delimiters[scores.indexOf(Math.max(...scores))] ?? ",";
}

const singlyQuoted = /^'(?:[^']|'')*'(?:[,;\t|]'(?:[^']|'')*')*$/;

/** Some databases put text between apostrophes: then every cell of the header is, and there are no quotation marks. */
function findQuote(text: string): string {
  const header = text.split("\n", 1)[0]?.trim() ?? "";
  return singlyQuoted.test(header) && !text.includes('"') ? "'" : '"';
}

/** Unix line ends, and no NUL, which PostgreSQL cannot store. */
async function* decode(chunks: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  let held = "";
  for await (const chunk of chunks) {
    const text = held + decoder.decode(chunk, { stream: true });
    held = text.endsWith("\r") ? "\r" : "";
    yield tidy(held ? text.slice(0, -1) : text);
  }
  yield tidy(held + decoder.decode());
}

const tidy = (text: string) => text.replace(/\r\n?/g, "\n").replaceAll("\0", "");

/**
 * What is not UTF-8 and has no byte order mark comes from an older Excel on Windows, unless most of what is not plain in it
 * is UTF-8 all the same: then a few bytes are damaged, or the end is missing.
 */
async function findEncoding(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let isStart = true;
  let hasLetters = false;
  let last: Uint8Array[] = [];
  try {
    for await (const chunk of chunks) {
      const wide = isStart && findWideEncoding(chunk);
      if (wide) return wide;
      isStart = false;
      last = [...last.slice(-1), chunk];
      const text = decoder.decode(chunk, { stream: true });
      hasLetters ||= beyondAscii.test(text);
    }
    decoder.decode();
    return "utf-8";
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return hasLetters || isDamagedUtf8(Buffer.concat(last)) ? "utf-8" : "windows-1252";
  }
}

const beyondAscii = /[^\0-\x7f]/;

function isDamagedUtf8(bytes: Uint8Array): boolean {
  const odd = new TextDecoder().decode(bytes).match(/[^\0-\x7f]/gu) ?? [];
  return odd.filter((letter) => letter === "\ufffd").length * 2 < odd.length;
}

/**
 * UTF-16, by its mark or by the zeros in every other byte that digits, separators and line ends have in any script. A few
 * letters have one in the other byte.
 */
function findWideEncoding(start: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  const head = start.subarray(0, 1000);
  const even = head.filter((byte, index) => byte === 0 && index % 2 === 0).length;
  const odd = head.filter((byte, index) => byte === 0 && index % 2 === 1).length;
  if (Math.max(even, odd) <= head.length / 20) return null;
  if (even * 3 < odd) return "utf-16le";
  return odd * 3 < even ? "utf-16be" : null;
}

const magic: [string, string][] = [
  ["504b0304", "an Excel or other Office file"],
  ["d0cf11e0", "an Excel or other Office file"],
  ["25504446", "a PDF"],
  ["1f8b", "a compressed file"],
  ["89504e47", "an image"],
  ["ffd8ff", "an image"],
];

/** What a file is that is no text, from its first bytes; null for text. */
export function findBinaryKind(start: Uint8Array): string | null {
  const hex = Buffer.from(start.subarray(0, 8)).toString("hex");
  const known = magic.find(([bytes]) => hex.startsWith(bytes));
  if (known) return known[1];
  if (findWideEncoding(start)) return null;
  // A stray NUL is forgiven; a file with one in a hundred bytes is no text.
  return start.filter((byte) => byte === 0).length > start.length / 100 ? "not a text file" : null;
}
