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

/** With a byte order mark, without which Excel does not read UTF-8. */
export const encodeCsv = (rows: string[][]): string =>
  `\ufeff${Papa.unparse(
    rows.map((cells) => cells.map(escapeFormula)),
    { newline: "\r\n" },
  )}\r\n`;
