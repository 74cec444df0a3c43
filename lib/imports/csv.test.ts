import Papa from "papaparse";
import { describe, expect, test } from "vitest";
import { encodeCsv, escapeFormula, unescapeFormula } from "@/lib/imports/csv";

const dangerous = [
  "=1+1",
  "+1+1",
  "-2+3",
  "@SUM(A1)",
  "\t=1",
  "\tx",
  "\r=1",
  "\n=1",
  " =1",
  "\u00a0=1",
  "\u200b=1",
  "\ufeff=1",
  "\0=1",
  "＝1",
  "＋1",
  "－1",
  "＠x",
  "'=1",
  '=HYPERLINK("http://x")\nfoo',
  "+91 98123 45678",
  "+0123456789",
  "+1234567890123456",
];
const harmless = ["", "Asha", "+919812345678", "1-2", "a=b", "'tis", "asha@example.com", "राज", "12 = 3"];

describe("formulas", () => {
  test.each(dangerous)("%j is defused", (cell) => {
    expect(escapeFormula(cell)).toBe(`'${cell}`);
  });

  test.each(harmless)("%j is left alone", (cell) => {
    expect(escapeFormula(cell)).toBe(cell);
    expect(unescapeFormula(cell)).toBe(cell);
  });

  test.each([...dangerous, ...harmless])("%j comes back from an export as it was", (cell) => {
    expect(unescapeFormula(escapeFormula(cell))).toBe(cell);
  });
});

test("what is encoded can be read again, also with quotes, separators and line breaks", () => {
  const rows = [
    ["Line", "Reason"],
    ["2", 'He said "no", twice\nand left'],
    ["3", "a;b\tc | d"],
  ];

  const file = encodeCsv(rows);

  expect(file.startsWith("\ufeff")).toBe(true);
  expect(file.endsWith("\r\n")).toBe(true);
  expect(Papa.parse(file.slice(1).trimEnd()).data).toEqual(rows);
});
