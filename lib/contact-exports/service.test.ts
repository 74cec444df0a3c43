import { rm } from "node:fs/promises";
import Papa from "papaparse";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import type * as z from "zod";
import { inngest } from "@/inngest/client";
import { exportContacts } from "@/lib/contact-exports/service";
import { type CreateContact, createContactSchema, fieldKeySchema } from "@/lib/contacts/schema";
import { createContact as createPerson } from "@/lib/contacts/service";
import { db, sql } from "@/lib/db";
import { env } from "@/lib/env";
import { toBody } from "@/lib/imports/csv";
import { previewImport } from "@/lib/imports/service";
import type { UserId } from "@/lib/tenant";
import { createContact, createUser } from "@/lib/testing/factories";
import { choices, countsOf, importFile, textOf, upload } from "@/lib/testing/imports";
import { seededRandom } from "@/lib/testing/phone-numbers";

await vi.hoisted(async () => {
  const [{ mkdtempSync }, { tmpdir }] = await Promise.all([import("node:fs"), import("node:os")]);
  process.env.UPLOADS_DIR = mkdtempSync(`${tmpdir()}/campanile-uploads-`);
});

afterAll(() => rm(env.UPLOADS_DIR, { recursive: true, force: true }));

beforeEach(() => {
  vi.spyOn(inngest, "send").mockResolvedValue({ ids: [] });
});

async function tableOf(
  userId: Parameters<typeof exportContacts>[0],
  filter: Parameters<typeof exportContacts>[1] = [],
) {
  const text = await new Response(toBody(exportContacts(userId, filter))).text();
  return Papa.parse<string[]>(text.trim()).data;
}

const scripts = [
  ..."aZéß",
  ..."ЖяЁ",
  ..."αΩ",
  ..."محمدع",
  ..."שלום",
  "क्षि",
  "நி",
  "ไทย",
  "李",
  "さ",
  "한",
  "ḿ",
  "e\u0301",
  "𝒜",
  "🌸",
  "👩‍👩‍👧",
  "🇮🇳",
];
const awkward = [
  ..."=+-@'\"`,;|:/\\()<>%#&.",
  ..." 019",
  "＝",
  "＠",
  "\u200b",
  "\u00ad",
  "\u200f",
  "‘",
  "’",
  "null",
  "N/A",
  "#n/a",
  "-5",
  "0049",
  "true",
  "1E+5",
  "\t",
  "\n",
  "\r\n",
  "\u00a0",
  "\u2028",
  "  ",
];

/** People as the product takes them from a form, with whatever may be in a cell. */
function randomPeople(seed: number): CreateContact[] {
  const random = seededRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const text = () =>
    Array.from({ length: 1 + Math.floor(random() * 6) }, () => pick(random() < 0.5 ? awkward : scripts)).join(
      "",
    );
  const taken = <Schema extends z.ZodType>(schema: Schema, make: () => unknown): z.infer<Schema> => {
    for (;;) {
      const result = schema.safeParse(make());
      if (result.success) return result.data;
    }
  };
  const keys = Array.from({ length: 6 }, () => taken(fieldKeySchema, text));
  const allKeys = [...new Set([...keys, "2026-11-25", "constructor", "Last order"])];
  const number = pick(["+1202555", "+9198123", "+4479111", "+5511987"]);
  return Array.from({ length: 80 }, (_, index) =>
    taken(createContactSchema, () => ({
      phone: `${number}${10_000 + index * 7}`.slice(0, number === "+1202555" ? 12 : 13),
      name: random() < 0.9 ? text() : null,
      email: random() < 0.5 ? `${pick(["a", "'a", "+a", "-a", "o'neil"])}${index}@example.com` : "",
      tags: Array.from({ length: Math.floor(random() * 4) }, text),
      metadata: Object.fromEntries(allKeys.filter(() => random() < 0.4).map((key) => [key, text()])),
      consent: random() < 0.7 ? { wording: "Signed at the counter" } : null,
    })),
  );
}

const contactsOf = (userId: UserId) =>
  db.contact.findMany({
    where: { userId },
    select: { phone: true, name: true, email: true, tags: true, metadata: true, optedIn: true },
    orderBy: { phone: "asc" },
  });

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "what was exported and is imported as it is offered is the same (%d)",
  async (seed) => {
    const [userId, other] = [await createUser(), await createUser()];
    for (const person of randomPeople(seed)) await createPerson(userId, person);
    const people = await contactsOf(userId);
    const file = await textOf(exportContacts(userId, []));
    const bring = async (account: UserId) => {
      const id = await upload(account, file);
      const { mapping } = await previewImport(account, id);
      return importFile(
        account,
        file,
        choices({ mapping: { ...mapping, phone: mapping.phone ?? "" }, existing: "overwrite" }),
      );
    };

    expect(countsOf(await bring(other))).toEqual([people.length, people.length, 0, 0, 0, 0, 0]);
    expect(await contactsOf(other)).toEqual(people);
    expect((await textOf(exportContacts(other, []))).split("\r\n").sort()).toEqual(file.split("\r\n").sort());
    expect(countsOf(await bring(userId))).toEqual([people.length, 0, 0, people.length, 0, 0, 0]);
    expect(await contactsOf(userId)).toEqual(people);
  },
);

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
