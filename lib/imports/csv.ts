import Papa from "papaparse";

/** What a spreadsheet takes for a formula, also behind spaces, invisible characters and our own apostrophe. */
const formula = /^(?:[\t\r\n\0]|'*[\s\p{Cf}\p{Cc}]*[=+\-@＝＋－＠])/u;
const phoneNumber = /^\+[1-9]\d{6,14}$/;

/** Puts an apostrophe before what a spreadsheet would execute; phone numbers are left alone. */
export const escapeFormula = (cell: string): string =>
  formula.test(cell) && !phoneNumber.test(cell) ? `'${cell}` : cell;

/** The reverse, so that what was exported can be imported. */
export const unescapeFormula = (cell: string): string =>
  cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell;

/** What the file of rejected rows has before the columns of the original. */
export const rejectionColumns = ["Rejected line", "Reason for rejection"];

/** What spreadsheets write for nothing. */
const nothing = /^(?:#n\/a|n\/a|null|-+)$/i;
const nothingInWords = /^'*(?:#n\/a|n\/a|null)$/i;

/** What a cell says: nothing, or its text without the apostrophe that `escapeNothing` or `escapeFormula` put before it. */
export function readCell(cell: string): string {
  const text = cell.trim();
  if (nothing.test(text)) return "";
  return nothingInWords.test(text) ? text.slice(1) : unescapeFormula(text);
}

/** Keeps a text that would be read as nothing, such as a person called Null. */
export const escapeNothing = (cell: string): string => (nothingInWords.test(cell) ? `'${cell}` : cell);

const encodeRows = (rows: string[][]): string =>
  `${Papa.unparse(
    rows.map((cells) => cells.map(escapeFormula)),
    { newline: "\r\n" },
  )}\r\n`;

/** With a byte order mark, without which Excel does not read UTF-8. */
export const encodeCsv = (rows: string[][]): string => `\ufeff${encodeRows(rows)}`;

/** The same piece by piece, for files of any size. */
export async function* streamCsv(
  header: string[],
  batches: AsyncIterable<string[][]>,
): AsyncGenerator<string> {
  yield encodeCsv([header]);
  for await (const rows of batches) if (rows.length > 0) yield encodeRows(rows);
}

/** As the body of a response; whoever stops reading stops the pieces. */
export function toBody(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
