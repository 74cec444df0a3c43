import { describe, expect, test } from "vitest";
import { type RowOptions, rowReader } from "@/lib/imports/row";

const options: RowOptions = {
  columns: ["Phone", "First", "Last", "Mail", "Tags", "OK", "City"],
  mapping: {
    phone: "Phone",
    firstName: "First",
    lastName: "Last",
    email: "Mail",
    tags: "Tags",
    consent: "OK",
    custom: { City: "city" },
  },
  defaultCountry: "IN",
  tags: ["Spring"],
  agreed: true,
};

const cells = [
  "98123 45678",
  " Asha ",
  "Rao",
  "asha@example.com",
  "VIP; vip, new|spring",
  "Yes",
  "Pune\nCamp",
];
const contact = {
  phone: "+919812345678",
  name: "Asha Rao",
  email: "asha@example.com",
  tags: ["Spring", "VIP", "new"],
  metadata: { city: "Pune Camp" },
  agreed: true,
};

const read = (change: Record<number, string> = {}, changed: Partial<RowOptions> = {}) =>
  rowReader({ ...options, ...changed })(cells.map((cell, index) => change[index] ?? cell));

describe("rowReader", () => {
  test("makes a contact of a row", () => {
    expect(read()).toEqual({ contact });
  });

  test("fills nothing from missing cells", () => {
    expect(rowReader(options)(["9812345678"])).toEqual({
      contact: { ...contact, name: null, email: null, tags: ["Spring"], metadata: {}, agreed: false },
    });
  });

  test.each([
    ["yes", true],
    ["TRUE", true],
    ["1", true],
    ["sí", true],
    ["हाँ", true],
    ["WAHR", true],
    ["Verdadero", true],
    ["FALSCH", false],
    ["no", false],
    ["0", false],
    ["", false],
    ["maybe", false],
  ])("reads the answer %j as %s", (answer, agreed) => {
    expect(read({ 5: answer })).toEqual({ contact: { ...contact, agreed } });
  });

  test("opts nobody in when the owner did not say that they agreed", () => {
    expect(read({}, { agreed: false })).toEqual({ contact: { ...contact, agreed: false } });
  });

  test("opts everybody in when the file has no answers", () => {
    const { consent, ...mapping } = options.mapping;

    expect(read({ 5: "no" }, { mapping })).toEqual({ contact });
  });

  test("drops what is no address and what spreadsheets write for nothing", () => {
    expect(read({ 1: "#N/A", 2: "NULL", 3: "asha at example", 6: "-" })).toEqual({
      contact: { ...contact, name: null, email: null, metadata: {} },
    });
  });

  test("takes the apostrophe away that an export puts before formulas", () => {
    expect(read({ 6: "'=1+1" })).toEqual({ contact: { ...contact, metadata: { city: "=1+1" } } });
  });

  test.each<[string, Record<number, string>, RegExp]>([
    ["a bad number", { 0: "12" }, /too short/],
    ["no number", { 0: " " }, /missing/],
    ["an endless name", { 1: "a".repeat(201) }, /name is longer/],
    ["an endless tag", { 4: "a".repeat(51) }, /tag “a{20}…” is too long/],
    ["too many tags", { 4: Array.from({ length: 60 }, (_, index) => index).join() }, /at most 50 tags/],
    ["an endless value", { 6: "a".repeat(1001) }, /“city” is too long/],
  ])("refuses %s", (_, change, reason) => {
    expect(read(change)).toEqual({ reason: expect.stringMatching(reason) });
  });

  test("refuses a row that a separator tore apart, but not one with empty cells at its end", () => {
    expect(rowReader(options)([...cells, "Maharashtra"])).toEqual({
      reason: expect.stringContaining("8 cells"),
    });
    expect(rowReader(options)([...cells, "", " "])).toEqual({ contact });
  });
});
