import { describe, expect, test } from "vitest";
import { findBinaryKind, openTable, type Row } from "@/lib/imports/records";

const utf8 = (text: string) => new TextEncoder().encode(text);

function utf16(text: string, { mark = true, bigEndian = false } = {}): Uint8Array {
  const bytes = Buffer.from((mark ? "\ufeff" : "") + text, "utf16le");
  return bigEndian ? bytes.swap16() : bytes;
}

/** In pieces of `size` bytes, as they come from a disk. */
const source = (bytes: Uint8Array, size = bytes.length || 1) =>
  async function* () {
    for (let start = 0; start < bytes.length; start += size) yield bytes.slice(start, start + size);
  };

async function read(bytes: Uint8Array, size?: number) {
  const { columns, rows } = await openTable(source(bytes, size));
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return { columns, rows: all.map(({ cells }) => cells), lines: all.map(({ line }) => line) };
}

const simple = { columns: ["phone", "name"], rows: [["+919812345678", "Zoë"]], lines: [2] };

describe("openTable", () => {
  test.each<[string, Uint8Array]>([
    ["UTF-8", utf8("phone,name\n+919812345678,Zoë\n")],
    ["a byte order mark", utf8("\ufeffphone,name\n+919812345678,Zoë\n")],
    ["Windows-1252", Buffer.from("phone,name\n+919812345678,Zo\xeb\n", "latin1")],
    ["UTF-16 with its mark", utf16("phone,name\n+919812345678,Zoë\n")],
    ["UTF-16 without", utf16("phone,name\n+919812345678,Zoë\n", { mark: false })],
    ["UTF-16, big end first", utf16("phone,name\n+919812345678,Zoë\n", { bigEndian: true })],
    ["numbers that are kept as text", utf8('="phone",name\n="+919812345678",="Zoë"\n')],
    ["Windows line ends", utf8("phone,name\r\n+919812345678,Zoë\r\n")],
    ["old Mac line ends", utf8("phone,name\r+919812345678,Zoë\r")],
    ["mixed line ends", utf8("phone,name\r\n+919812345678,Zoë\n")],
    ["no line end", utf8("phone,name\n+919812345678,Zoë")],
    ["semicolons", utf8("phone;name\n+919812345678;Zoë\n")],
    ["tabs", utf8("phone\tname\n+919812345678\tZoë\n")],
    ["bars", utf8("phone|name\n+919812345678|Zoë\n")],
    ["quotes", utf8('"phone","name"\n"+919812345678","Zoë"\n')],
    ["apostrophes for quotes", utf8("'phone','name'\n+919812345678,'Zoë'\n")],
    ["a stray NUL", utf8(`phone,name\n+919812345678,Z\0oë\n`)],
    ["blank rows", utf8("phone,name\n+919812345678,Zoë\n,\n\n , \n")],
  ])("reads %s", async (_, bytes) => {
    expect(await read(bytes)).toEqual(simple);
    for (const size of [5, 16]) expect(await read(bytes, size)).toEqual(simple);
  });

  test.each([
    "Телефон;Имя;Город\n+79161234567;Александр Сергеевич;Санкт-Петербург\n+79161234568;Ёлка;Ставрополь\n",
    "手机号;姓名;城市\n+8613812345678;王一;一个城市\n+8613812345679;丁一一;上海\n",
    "رقم الهاتف;الاسم;المدينة\n+966551234567;ليلى بنت محمد;المدينة المنورة\n+966551234568;نور;جدة\n",
  ])("knows UTF-16 without its mark in other scripts: %s", async (text) => {
    const plain = await read(utf8(text));
    for (const bigEndian of [false, true]) {
      const bytes = utf16(text, { mark: false, bigEndian });
      expect(findBinaryKind(bytes)).toBeNull();
      expect(await read(bytes)).toEqual(plain);
    }
  });

  test.each<[string, string]>([
    ["a title in a file of two columns", "Customers\n\nName;Phone\n"],
    ["a title with another separator", "Customers, as of 2026\nName;Phone\n"],
    ["no header", ""],
  ])("finds the separator in spite of %s", async (_, begin) => {
    const { rows } = await read(utf8(`${begin}Meier, Hans;0151 23456789\nRoth, Zoë;0151 23456788\n`));

    expect(rows).toEqual([
      ["Meier, Hans", "0151 23456789"],
      ["Roth, Zoë", "0151 23456788"],
    ]);
  });

  test("takes no list in every row for the separator", async () => {
    expect((await read(utf8("9812345678,Asha,vip;new\n9812345679,Ravi,vip;old\n"))).rows).toEqual([
      ["9812345678", "Asha", "vip;new"],
      ["9812345679", "Ravi", "vip;old"],
    ]);
  });

  test.each<[string, Uint8Array, string[]]>([
    [
      "a damaged byte in UTF-8",
      Buffer.from("phone,name\n1,Zo\xc3\xab\n2,Jos\xc3\n3,Bj\xc3\xb6rn\n", "latin1"),
      ["Zoë", "Jos�", "Björn"],
    ],
    ["UTF-8 without its last byte", utf8("phone,name\n1,Zoë\n2,José").slice(0, -1), ["Zoë", "Jos�"]],
    ["UTF-16 without its last byte", utf16("phone,name\n1,Zoë\n2,José").slice(0, -1), ["Zoë", "Jos�"]],
    ["UTF-16 with half a pair", utf16("phone,name\n1,Zo\ud83c\n2,राज\n"), ["Zo�", "राज"]],
  ])("loses one letter and no other by %s", async (_, bytes, names) => {
    for (const size of [5, 16, 1000])
      expect((await read(bytes, size)).rows.map(([, name]) => name)).toEqual(names);
  });

  test("takes Excel's word for the separator", async () => {
    expect(await read(utf8("sep=;\nphone;name\n+919812345678;Zoë\n"))).toEqual({ ...simple, lines: [3] });
  });

  test("takes apostrophes for quotes only when the header has them", async () => {
    expect((await read(utf8("phone,name\n'9812345678,Asha\n'9812345679,'Ravi'\n"))).rows).toEqual([
      ["'9812345678", "Asha"],
      ["'9812345679", "'Ravi'"],
    ]);
    expect((await read(utf8("'phone';'note'\n'981';'D''Souza; Goa'\n'982';'two\nlines'\n"))).rows).toEqual([
      ["981", "D'Souza; Goa"],
      ["982", "two\nlines"],
    ]);
  });

  test("counts the lines of the file, also where a row spans several", async () => {
    const file = 'phone,note\n1,"one\ntwo\r\nthree"\n\n2,x\n3,"say ""hi"", twice"\n';

    for (const size of [5, 16, 1000]) {
      expect(await read(utf8(file), size)).toEqual({
        columns: ["phone", "note"],
        rows: [
          ["1", "one\ntwo\nthree"],
          ["2", "x"],
          ["3", 'say "hi", twice'],
        ],
        lines: [2, 6, 7],
      });
    }
  });

  test("leaves missing and surplus cells as they are", async () => {
    expect((await read(utf8("a,b,c\n1\n1,2,3,4\n"))).rows).toEqual([["1"], ["1", "2", "3", "4"]]);
  });

  test("gives every column a name of its own", async () => {
    expect((await read(utf8("phone,,Name,Name,Name (2)\nx\n"))).columns).toEqual([
      "phone",
      "Column 2",
      "Name",
      "Name (2)",
      "Name (2) (2)",
    ]);
  });

  test("finds the header below a title", async () => {
    const file = "Customers\nExported on,2026-11-02\n\nName,City,Mobile\nAsha,Pune,9812345678\n";

    expect(await read(utf8(file))).toEqual({
      columns: ["Name", "City", "Mobile"],
      rows: [["Asha", "Pune", "9812345678"]],
      lines: [5],
    });
  });

  test("finds a header below a title also when none of its columns is called by a known name", async () => {
    const file = "Customers\n\nNo.,Person,Ring them at\n1,Asha,9812345678\n";

    expect(await read(utf8(file))).toEqual({
      columns: ["No.", "Person", "Ring them at"],
      rows: [["1", "Asha", "9812345678"]],
      lines: [4],
    });
  });

  test.each([
    ["there is a number above it", "Asha,9812345679\nNo.,Person,Ring them at\n1,Asha,9812345678\n", 1],
    ["there is none below it", "Customers\nNo.,Person,Ring them at\n1,Asha,Pune\n", 2],
    ["the first row is as wide", "Asha,Pune\nphone,city\n9812345678,Goa\n", 2],
    ["the first row has three cells", "What,Where,When\nName,City,Mobile,Tags\n", 2],
    ["there are numbers in it", "Asha\n9812345678,Mobile,Pune\n", 2],
  ])("takes no row for a header when %s", async (_, file, line) => {
    expect((await read(utf8(file))).lines[0]).toBe(line);
  });

  test.each([
    "\u202a+91 98123 45678\u202c",
    "٩٨١٢٣٤٥٦٧٨",
    "98123\u201145678",
    '="9812345678"',
    "asha@example.com",
    "९.१९E+११",
  ])("takes nobody for a header: %s", async (cell) => {
    expect((await read(utf8(`${cell};Asha\n${cell};Ravi\n`))).lines).toEqual([1, 2]);
  });

  test("notices that there is no header", async () => {
    expect(await read(utf8("Asha,+91 98123 45678\nRavi,9812345679\n"))).toEqual({
      columns: ["Column 1", "Column 2"],
      rows: [
        ["Asha", "+91 98123 45678"],
        ["Ravi", "9812345679"],
      ],
      lines: [1, 2],
    });
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["an empty file", utf8(""), /empty/],
    ["only a byte order mark", utf8("\ufeff"), /empty/],
    ["only blank lines", utf8("\n\r\n  \n"), /empty/],
    ["an open quote", utf8('phone,name\n1,a\n2,"b\n3,c\n'), /line 3 and is never closed/],
    [
      "an open quote in a large file",
      utf8(`phone,name\n1,a\n2,"b\n${"3,c\n".repeat(300_000)}`),
      /line 3 and is never closed/,
    ],
    ["too many columns", utf8(`${",".repeat(300)}x\n1\n`), /301 columns/],
  ])("refuses %s", async (_, bytes, message) => {
    await expect(read(bytes, 65_536)).rejects.toMatchObject({
      code: "INVALID",
      fields: { file: [expect.stringMatching(message)] },
    });
  });
});

/** 500 MB: `begin` and then `part` again and again. */
function endless(begin: string, part: string) {
  const piece = utf8(part.repeat(Math.ceil(65_536 / part.length)));
  return async function* () {
    yield utf8(begin);
    for (let length = 0; length < 500_000_000; length += piece.length) yield piece;
  };
}

describe("a bomb", () => {
  test.each<[string, string, string, RegExp]>([
    ["a field of 500 MB", "phone,name\n1,", "x", /line 2 is longer/],
    ["a quoted field of 500 MB", 'phone,name\n1,"', "x", /line 2 and is never closed/],
    ["500 MB of columns in the header", "phone,", "name,", /more than 200 columns/],
    ["500 MB of columns in a row", "phone,name\n1,", "a,", /Line 2 has more than 200 columns/],
    ["500 MB of quotation marks", "phone,name\n", '"', /line 2/],
  ])("is refused with its line and without holding it: %s", async (_, begin, part, message) => {
    const before = process.memoryUsage().rss;
    let highest = before;

    const reading = (async () => {
      const { batches } = await openTable(endless(begin, part));
      for await (const _rows of batches) highest = Math.max(highest, process.memoryUsage().rss);
    })();

    await expect(reading).rejects.toMatchObject({ fields: { file: [expect.stringMatching(message)] } });
    expect(Math.max(highest, process.memoryUsage().rss) - before).toBeLessThan(150 * 2 ** 20);
  });

  test("of a million columns in a row is read as a row that has too many", async () => {
    const { rows } = await read(utf8(`phone,name\n1${",".repeat(999_000)}\n2,b\n`), 65_536);

    expect(rows.map(({ length }) => length)).toEqual([999_001, 2]);
  });
});

test.each<[string, Uint8Array, string | null]>([
  ["a workbook", Buffer.from("PK\x03\x04whatever", "latin1"), "an Excel or other Office file"],
  ["an old workbook", Buffer.from("d0cf11e0a1b11ae1", "hex"), "an Excel or other Office file"],
  ["a PDF", utf8("%PDF-1.7"), "a PDF"],
  ["an image", Buffer.from("89504e470d0a1a0a", "hex"), "an image"],
  ["a photograph", Buffer.from("ffd8ffe000104a46", "hex"), "an image"],
  ["a gzip", Buffer.from("1f8b0800", "hex"), "a compressed file"],
  ["zeros", new Uint8Array(50), "not a text file"],
  ["text", utf8("phone,name"), null],
  ["text with one stray NUL", utf8(`${"a".repeat(500)}\0`), null],
  ["UTF-16", utf16("phone,name", { mark: false }), null],
])("knows %s", (_, bytes, kind) => {
  expect(findBinaryKind(bytes)).toBe(kind);
});
