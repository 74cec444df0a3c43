import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { guessMapping } from "@/lib/imports/mapping";
import { openTable } from "@/lib/imports/records";
import { rowReader } from "@/lib/imports/row";

type Expected = { phone: string; name?: string; tags?: string[]; fields?: Record<string, string> } | RegExp;

/** What becomes of each row, as an owner in that country would import it without touching anything: line, then result. */
const corpus: [file: string, country: string, rows: [line: number, expected: Expected][]][] = [
  [
    "excel-germany.csv",
    "DE",
    [
      [
        3,
        {
          phone: "+4915123456789",
          name: "Jürgen Müller",
          tags: ["VIP", "Köln"],
          fields: { kundennummer: "0042" },
        },
      ],
      [4, { phone: "+4915123456788", name: "Zoë Groß; Söhne", fields: { kundennummer: "7" } }],
      [5, /spreadsheet shortened/],
    ],
  ],
  [
    "excel-unicode.txt",
    "IN",
    [
      [2, { phone: "+919812345678", name: "राज", fields: { city: "पुणे" } }],
      [3, { phone: "+919812345679", name: "ليلى" }],
    ],
  ],
  [
    "google-contacts.csv",
    "IN",
    [
      [
        2,
        {
          phone: "+919812345678",
          name: "Rao, Asha",
          tags: ["* myContacts ::: vip"],
          fields: { given_name: "Asha" },
        },
      ],
      [4, { phone: "+919812345679", name: 'Quote "Q" Ravi', fields: { given_name: "Ravi" } }],
      [5, { phone: "+919812345670", name: "Two lines" }],
    ],
  ],
  [
    "no-header.csv",
    "IN",
    [
      [1, { phone: "+919812345678", fields: { column_1: "Asha", column_3: "Pune" } }],
      [2, { phone: "+919812345679", fields: { column_1: "Ravi", column_3: "Goa" } }],
      [3, /too short/],
    ],
  ],
  [
    "ragged.csv",
    "IN",
    [
      [2, { phone: "+919812345671" }],
      [3, /4 cells, but the file has 3 columns/],
      [4, { phone: "+919812345673", name: "A", fields: { city: "B" } }],
      [7, { phone: "+919812345674", name: "A", fields: { city: "B" } }],
      [8, { phone: "+919812345675", name: "AB", fields: { city: "C" } }],
    ],
  ],
  [
    "spreadsheet-damage.csv",
    "IN",
    [
      [2, /spreadsheet shortened this number to “9\.19812E\+11”/],
      [3, { phone: "+919812345672", name: "Ravi" }],
      [4, { phone: "+919812345673", name: "Kiran" }],
      [5, { phone: "+919812345674" }],
      [6, { phone: "+919812345675" }],
      [7, { phone: "+919812345676", name: "=HYPERLINK(1)" }],
      [8, /cannot contain “;”/],
      [9, /letters/],
      [10, /missing/],
    ],
  ],
  [
    "title-above.csv",
    "DE",
    [
      [5, { phone: "+4915123456789", name: "Zoë Groß", tags: ["VIP"], fields: { straße: "Ring 1; Hof" } }],
      [6, { phone: "+4915123456788", name: "Jürgen", tags: ["vip", "Köln"], fields: { straße: "Ring 2" } }],
      [8, /too short/],
    ],
  ],
  [
    "many-scripts.csv",
    "SA",
    [
      [2, { phone: "+966551234567", name: "ليلى", fields: { المدينة: "الرياض" } }],
      [3, { phone: "+966551234568", name: "Zero\u200bwidth", fields: { المدينة: "جدة" } }],
      [4, { phone: "+919812345678", name: "राज", fields: { المدينة: "पुणे" } }],
      [5, { phone: "+966551234569", name: "全角", fields: { المدينة: "大阪" } }],
      [6, { phone: "+966551234570", name: "Brackets" }],
      [7, /spreadsheet shortened this number to “5\.51235E\+8”/],
      [8, { phone: "+966551234561", name: "Mixed" }],
    ],
  ],
  [
    "apostrophes.csv",
    "IN",
    [
      [2, { phone: "+919812345671", name: "D'Souza, Maria", fields: { id: "1" } }],
      [3, { phone: "+919812345672", name: "Two lines", fields: { id: "2" } }],
      [5, /too short/],
    ],
  ],
  [
    "twins.csv",
    "IN",
    [
      [2, { phone: "+919812345678", name: "First" }],
      [3, { phone: "+919812345678", name: "Second" }],
      [4, { phone: "+919812345678", name: "Third" }],
      [5, { phone: "+919812345679", name: "Other" }],
    ],
  ],
  [
    "old-mac.csv",
    "IN",
    [
      [2, { phone: "+919812345678", name: "Zoë" }],
      [3, { phone: "+919812345679", name: "a|b" }],
    ],
  ],
];

test.each(corpus)("reads %s row by row", async (file, defaultCountry, expected) => {
  const bytes = await readFile(`lib/testing/fixtures/imports/${file}`);
  const { columns, rows } = await openTable(async function* () {
    for (let start = 0; start < bytes.length; start += 7) yield bytes.subarray(start, start + 7);
  });
  const read: { line: number; cells: string[] }[] = [];
  for await (const row of rows) read.push(row);
  const guess = guessMapping(
    columns,
    read.map(({ cells }) => cells),
    defaultCountry,
  );
  const mapping = { ...guess, phone: guess.phone ?? "" };
  const readRow = rowReader({ columns, mapping, defaultCountry, tags: [], agreed: false });

  expect(read.map(({ line }) => line)).toEqual(expected.map(([line]) => line));
  read.forEach(({ cells }, index) => {
    const [line, wanted] = expected[index] ?? [0, /./];
    const result = readRow(cells);
    if (wanted instanceof RegExp) {
      expect(result, `line ${line}`).toEqual({ reason: expect.stringMatching(wanted) });
      return;
    }
    const { phone, name = null, tags = [], fields = {} } = wanted;
    expect(result, `line ${line}`).toMatchObject({ contact: { phone, name, tags, metadata: fields } });
  });
});
