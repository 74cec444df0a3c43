import { randomInt } from "node:crypto";
import Papa from "papaparse";
import { expect, test } from "vitest";
import { exportContacts } from "@/lib/contact-exports/service";
import { sql } from "@/lib/db";
import { toBody } from "@/lib/imports/csv";
import { rowReader } from "@/lib/imports/row";
import { createContact, createUser } from "@/lib/testing/factories";

async function tableOf(
  userId: Parameters<typeof exportContacts>[0],
  filter: Parameters<typeof exportContacts>[1] = [],
) {
  const text = await new Response(toBody(exportContacts(userId, filter))).text();
  return Papa.parse<string[]>(text.trim()).data;
}

const odd = [
  ...[
    "=HYPERLINK(“x”)",
    "+1",
    "-",
    "@me",
    "'quoted",
    "''=1",
    "null",
    "N/A",
    "'null",
    "محمد العلي",
    "李小龙",
    "O’Neil",
  ],
  ...[
    'say "hi"',
    "a,b",
    "a;b|c",
    "Zoë 🎉",
    "  ".trim() || "x",
    "＝1",
    "-5",
    "0049",
    "TRUE",
    "tab\u200b",
    '"',
    "'",
    "#N/A",
  ],
];
const pick = () => odd[randomInt(odd.length)] ?? "x";

test("what was exported is read by an import as it was", async () => {
  const userId = await createUser();
  const people = Array.from({ length: 200 }, (_, index) => ({
    phone: `+1202555${String(1000 + index)}`,
    name: index % 9 ? pick() : null,
    email: index % 2 ? `a${index}@example.com` : null,
    tags: [...new Set(Array.from({ length: randomInt(4) }, pick).map((tag) => tag.toLowerCase()))],
    metadata: Object.fromEntries(
      ["City", "=Formula", "a,b"].filter(() => randomInt(3) > 0).map((key) => [key, pick()]),
    ),
    optedIn: index % 3 === 0,
  }));
  for (const person of people) await createContact(userId, person);

  const [columns = [], ...rows] = await tableOf(userId);
  const fields = ["City", "=Formula", "a,b"].sort();
  const read = rowReader({
    columns,
    mapping: {
      ...{ phone: "Phone", name: "Name", email: "Email", tags: "Tags", consent: "Opted in" },
      custom: Object.fromEntries(columns.slice(5).map((column, index) => [column, [...fields][index] ?? ""])),
    },
    ...{ defaultCountry: "US", tags: [], agreed: true, existing: "overwrite" },
  });

  expect(columns.slice(5)).toEqual(["'=Formula", "City", "a,b"]);
  expect(rows.map(read)).toEqual(
    people.map(({ optedIn, ...contact }) => ({ contact: { ...contact, agreed: optedIn } })),
  );
});

test("an export has only whom its filter means, however many thousand lie between", async () => {
  const userId = await createUser();
  await createContact(userId, { tags: ["VIP"], name: "First" });
  await sql`INSERT INTO contacts ("userId", phone)
    SELECT ${userId}, '+9198' || (10000000 + n) FROM generate_series(1, 11000) AS n`;
  await createContact(userId, { tags: ["VIP"], name: "Last" });

  const [, ...vips] = await tableOf(userId, [{ field: "tags", match: "any", tags: ["VIP"] }]);

  expect(vips.map(([, name]) => name)).toEqual(["First", "Last"]);
  expect(await tableOf(userId)).toHaveLength(11_003);
});

test("nobody is exported as a header alone", async () => {
  expect(await tableOf(await createUser())).toEqual([["Phone", "Name", "Email", "Tags", "Opted in"]]);
});
