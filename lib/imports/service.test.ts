import { readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { inngest } from "@/inngest/client";
import { updateContactSchema } from "@/lib/contacts/schema";
import { db, sql } from "@/lib/db";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { failImport, runImport } from "@/lib/import-runs/service";
import { importRepository } from "@/lib/imports/repository";
import type { RejectedRow } from "@/lib/imports/schema";
import {
  exportRejected,
  getImport,
  previewImport,
  startImport,
  sweepImports,
  uploadImport,
} from "@/lib/imports/service";
import type { UserId } from "@/lib/tenant";
import { createUser } from "@/lib/testing/factories";
import { choices, importFile, people, rows, textOf, upload } from "@/lib/testing/imports";
import { readGently, receive } from "@/lib/uploads/service";

await vi.hoisted(async () => {
  const [{ mkdtempSync }, { tmpdir }] = await Promise.all([import("node:fs"), import("node:os")]);
  process.env.UPLOADS_DIR = mkdtempSync(`${tmpdir()}/campanile-uploads-`);
});

afterAll(() => rm(env.UPLOADS_DIR, { recursive: true, force: true }));

beforeEach(() => {
  vi.spyOn(inngest, "send").mockResolvedValue({ ids: [] });
});

describe("uploadImport", () => {
  test("keeps the file for nobody but the server, under the id of the import", async () => {
    const userId = await createUser();

    const id = await upload(userId, rows("9812345678,Asha,,"));

    const path = join(env.UPLOADS_DIR, `${id}.csv`);
    expect(await readFile(path, "utf8")).toContain("Asha");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await getImport(userId, id)).toMatchObject({
      status: "uploaded",
      fileName: "people.csv",
      totalRows: 1,
    });
  });

  test("knows a workbook that comes byte by byte", async () => {
    const bytes = Buffer.from("PK\x03\x04".padEnd(2000, "x"), "latin1");
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });

    await expect(uploadImport(await createUser(), "people.csv", body)).rejects.toMatchObject({
      fields: { file: [expect.stringMatching(/Excel .* CSV/)] },
    });
  });

  test.each<[string, string | Uint8Array<ArrayBuffer>, RegExp]>([
    ["nothing", "", /empty/],
    ["a header alone", "phone,name\n", /no rows/],
    ["a workbook", "PK\x03\x04xxxxxxxx", /Excel .* CSV/],
    ["an image", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0]), /image/],
    ["zeros", new Uint8Array(100), /not a text file/],
    ["an open quote", 'phone\n"981', /line 2/],
  ])("refuses %s and keeps no trace of it", async (_, file, message) => {
    const userId = await createUser();
    const before = await readdir(env.UPLOADS_DIR);

    await expect(upload(userId, file)).rejects.toMatchObject({
      code: "INVALID",
      fields: { file: [expect.stringMatching(message)] },
    });

    expect(await importRepository.list(userId)).toEqual([]);
    expect(await readdir(env.UPLOADS_DIR)).toEqual(before);
  });
});

test.each<[string, (controller: ReadableStreamDefaultController<Uint8Array>) => void]>([
  ["cut off", (controller) => controller.error(new Error("aborted"))],
  [
    "turned down by the plan",
    (controller) => {
      controller.enqueue(new TextEncoder().encode("9812345678\n".repeat(25_000)));
      controller.close();
    },
  ],
  [
    "more than an account may have",
    (controller) => {
      controller.enqueue(new Uint8Array(201 * 2 ** 20).fill(65));
      controller.close();
    },
  ],
])("leaves nothing of an upload that is %s", async (_, go) => {
  const userId = await createUser();
  const before = await readdir(env.UPLOADS_DIR);
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("phone\n9812345678\n")),
    pull: go,
  });

  await expect(uploadImport(userId, "people.csv", body)).rejects.toBeInstanceOf(AppError);

  expect(await readdir(env.UPLOADS_DIR)).toEqual(before);
  expect(await importRepository.list(userId)).toEqual([]);
});

test("lets others work between the pieces of a file that it reads", async () => {
  const id = await upload(await createUser(), `phone\n${"9812345678\n".repeat(20_000)}`);
  const pieces: Uint8Array[] = [];
  let turns = 0;
  const others = setInterval(() => turns++, 1);

  for await (const piece of readGently(id)) {
    pieces.push(piece);
    for (const until = performance.now() + 5; performance.now() < until; );
  }

  clearInterval(others);
  expect(pieces.length).toBeGreaterThanOrEqual(7);
  expect(turns).toBeGreaterThanOrEqual(pieces.length);
  expect(Buffer.concat(pieces)).toEqual(await readFile(join(env.UPLOADS_DIR, `${id}.csv`)));
});

test("does not wait for who has nothing more to say, and hangs up", async () => {
  let isCanceled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array([65])),
    cancel() {
      isCanceled = true;
    },
  });
  const pieces = receive(body, 30);

  expect((await pieces.next()).value).toEqual(new Uint8Array([65]));
  await expect(pieces.next()).rejects.toMatchObject({ fields: { file: [expect.stringMatching(/cut off/)] } });
  expect(isCanceled).toBe(true);
});

describe("previewImport", () => {
  test("shows the columns, the first rows and what they seem to hold", async () => {
    const userId = await createUser({ defaultCountry: "IN" });
    const id = await upload(
      userId,
      rows(...Array.from({ length: 8 }, (_, index) => `981234567${index},Asha,VIP,Pune`)),
    );

    expect(await previewImport(userId, id)).toEqual({
      id,
      fileName: "people.csv",
      totalRows: 8,
      columns: ["phone", "name", "tags", "city"],
      rows: Array.from({ length: 8 }, (_, index) => [`981234567${index}`, "Asha", "VIP", "Pune"]),
      defaultCountry: "IN",
      mapping: { phone: "phone", name: "name", tags: "tags", custom: { city: "city" } },
      isRemembered: false,
      existing: "fill",
      duplicates: "first",
      warning: null,
    });
  });
});

describe("the plan's room", () => {
  const fill = (userId: UserId, count: number) =>
    sql`
      INSERT INTO contacts ("userId", phone)
      SELECT ${userId}, '+9198' || (10000000 + n) FROM generate_series(1, ${count}) AS n`;
  const newcomers = (count: number) => Array.from({ length: count }, (_, index) => `982000000${index},,,`);

  test.each<[string, number, number, RegExp | null]>([
    ["enough", 9_998, 2, null],
    [
      "too little",
      9_998,
      3,
      /^This file would bring you to 10,001 contacts; the free plan has 10,000\. Only the first 2 of its 3 new people/,
    ],
    ["none", 10_000, 1, /to 10,001 contacts.* None of its 1 new people would be added/],
  ])("is told before anything is written, by who is new in the file: %s", async (_, here, count, warning) => {
    const userId = await createUser({ defaultCountry: "IN" });
    await fill(userId, here);
    const known = ["9810000001,,,", "9810000002,,,"];

    const id = await upload(userId, rows(...known, ...newcomers(count), "12,,,", "09820000000,Twice,,"));

    const preview = await previewImport(userId, id);
    if (warning) expect(preview.warning).toMatch(warning);
    else expect(preview.warning).toBeNull();
    expect(await db.contact.count({ where: { userId } })).toBe(here);
  });

  test("of a file is told before anything is stored", async () => {
    const userId = await createUser();

    await expect(upload(userId, `phone\n${"9812345678\n".repeat(25_001)}`)).rejects.toMatchObject({
      fields: {
        file: [
          "This file has 25,001 rows; on the free plan a file may have 25,000. Split it, or change the plan.",
        ],
      },
    });
  });
});

describe("an account's next file", () => {
  const again = {
    mapping: { phone: "mobile", name: "city", custom: { name: "town" } },
    defaultCountry: "DE",
  };
  const mobiles = (...lines: string[]) => ["mobile,name,city", ...lines].join("\n");

  test("is read as the last one with such columns, and nobody else's is", async () => {
    const [userId, stranger] = await Promise.all([createUser(), createUser()]);
    await importFile(userId, mobiles("+919812345678,Pune,Asha"), {
      ...again,
      existing: "skip",
      duplicates: "last",
    });

    const preview = await previewImport(
      userId,
      await upload(userId, "City,Name,Mobile,Size\nRavi,Goa,017612345678,7"),
    );

    expect(preview).toMatchObject({
      isRemembered: true,
      defaultCountry: "DE",
      existing: "skip",
      duplicates: "last",
      mapping: { phone: "Mobile", name: "City", custom: { Name: "town", Size: "size" } },
    });
    const theirs = await previewImport(stranger, await upload(stranger, mobiles("+919812345678,Pune,Asha")));
    expect(theirs).toMatchObject({ isRemembered: false, mapping: { phone: "mobile", name: "name" } });
  });

  test("is read as the one with the very same columns rather than a newer one with similar ones", async () => {
    const userId = await createUser();
    await importFile(userId, mobiles("+919812345678,Pune,Asha"), again);
    await importFile(userId, "mobile,name,city,size\n+919812345678,Asha,Pune,7", {
      mapping: { phone: "mobile", name: "name", custom: {} },
    });

    const { mapping } = await previewImport(userId, await upload(userId, mobiles("+919812345678,Pune,Asha")));

    expect(mapping).toEqual(again.mapping);
  });
});

describe("startImport", () => {
  test("lets exactly one of many clicks start it", async () => {
    const userId = await createUser();
    const id = await upload(userId, rows("9812345678,Asha,,"));

    const clicks = await Promise.allSettled(
      Array.from({ length: 6 }, () => startImport(userId, id, choices())),
    );

    expect(clicks.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(inngest.send).toHaveBeenCalledOnce();
    expect(inngest.send).toHaveBeenCalledWith(
      expect.objectContaining({ name: "import/confirmed", data: { userId, importId: id } }),
    );
    await expect(startImport(userId, id, choices())).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(previewImport(userId, id)).rejects.toMatchObject({ code: "CONFLICT" });
  });

  test("refuses a column that the file does not have", async () => {
    const userId = await createUser();
    const id = await upload(userId, rows("9812345678,Asha,,"));

    await expect(
      startImport(userId, id, choices({ mapping: { phone: "mobile", custom: {} } })),
    ).rejects.toMatchObject({
      fields: { mapping: ["The file has no column “mobile”"] },
    });
  });

  test("refuses two columns for one custom field, which could hold only one of them", () => {
    const custom = { city: "place", name: "place" };

    expect(() => choices({ mapping: { phone: "phone", custom } })).toThrow(
      /cannot go into the same custom field/,
    );
  });

  test("somebody from a file of very many columns can be edited", async () => {
    const userId = await createUser();
    const names = Array.from({ length: 150 }, (_, index) => `field ${index}`);
    const custom = Object.fromEntries(names.map((name) => [name, name]));
    await importFile(userId, `phone,${names.join()}\n9812345678,${names.join()}\n`, {
      mapping: { phone: "phone", custom },
    });
    const [person] = await people(userId);

    expect(person?.metadata).toEqual(custom);
    expect(updateContactSchema.safeParse(person).success).toBe(true);
  });

  test("a stranger can neither see nor start nor run it", async () => {
    const [owner, stranger] = await Promise.all([createUser(), createUser()]);
    const id = await upload(owner, rows("9812345678,Asha,,"));

    for (const attempt of [previewImport, getImport, exportRejected]) {
      await expect(attempt(stranger, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
    await expect(startImport(stranger, id, choices())).rejects.toMatchObject({ code: "NOT_FOUND" });
    await startImport(owner, id, choices());
    await runImport(stranger, id);
    await failImport(stranger, id, "x");
    expect(await people(owner)).toEqual([]);
    expect(await importRepository.list(stranger)).toEqual([]);
    expect(await getImport(owner, id)).toMatchObject({ status: "processing" });
  });
});

test("the rejected rows can be downloaded, corrected and imported again", async () => {
  const userId = await createUser({ defaultCountry: "IN" });
  const { id } = await importFile(userId, rows("98,=Asha(),VIP,Pune"));

  const file = await textOf(await exportRejected(userId, id));

  expect(file).toBe(
    "\ufeffRejected line,Reason for rejection,phone,name,tags,city\r\n" +
      "2,The phone number is too short,98,'=Asha(),VIP,Pune\r\n",
  );
  const again = await upload(userId, file.replace(",98,", ",9812345678,"));
  const { mapping } = await previewImport(userId, again);
  await startImport(userId, again, choices({ mapping: { ...mapping, phone: mapping.phone ?? "" } }));
  await runImport(userId, again);
  expect(await people(userId)).toMatchObject([
    { name: "=Asha()", tags: ["VIP"], metadata: { city: "Pune" } },
  ]);
});

describe("rows of a megabyte that were rejected", () => {
  const wide = `12${",".repeat(300_000)}`;
  const long = `12,${"x".repeat(60_000)},${"y".repeat(60_000)},${"z".repeat(60_000)}`;

  test("are shown in part and downloaded whole", async () => {
    const userId = await createUser();

    const { id, rejectedRows } = await importFile(userId, rows(wide, long));

    expect(rejectedRows.map(({ cells }) => cells.length)).toEqual([201, 4]);
    expect(Math.max(...(rejectedRows[1]?.cells ?? []).map(({ length }) => length))).toBe(100);
    const file = await textOf(await exportRejected(userId, id));
    expect(file.split("\r\n").map((line) => line.split(",").length)).toEqual([6, 300_003, 6, 1]);
    expect(file).toContain(long);
  });

  test("are read a few at a time, and none is left out", async () => {
    const userId = await createUser();
    const { id } = await importFile(userId, rows("9812345678,,,"));
    await sql`
      INSERT INTO import_rejections ("userId", "importId", line, "isDuplicate", reason, cells)
      SELECT ${userId}, ${id}, line, false, 'too short', ARRAY[repeat('x', CASE WHEN line % 100 = 0 THEN 1000000 ELSE 10 END)]
      FROM generate_series(1, 3000) AS line`;
    const pages: RejectedRow[][] = [];

    for (let line = 0; ; line = pages.at(-1)?.at(-1)?.line ?? 0) {
      const page = await importRepository.listRejected(userId, id, line);
      if (page.length === 0) break;
      pages.push(page);
    }

    const sizes = pages.map((page) => page.reduce((sum, { cells }) => sum + (cells[0]?.length ?? 0), 0));
    expect(Math.max(...sizes)).toBeLessThan(5_000_000);
    expect(pages.flat().map(({ line }) => line)).toEqual(
      Array.from({ length: 3000 }, (_, index) => index + 1),
    );
  });
});

test("the sweep removes a file whose upload nobody finished, a day later", async () => {
  const [old, young] = ["11111111-1111-7111-8111-111111111111", "22222222-2222-7222-8222-222222222222"];
  const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
  for (const id of [old, young]) await writeFile(join(env.UPLOADS_DIR, `${id}.csv`), "phone\n");
  await utimes(join(env.UPLOADS_DIR, `${old}.csv`), yesterday, yesterday);

  await sweepImports();

  const left = await readdir(env.UPLOADS_DIR);
  expect(left).not.toContain(`${old}.csv`);
  expect(left).toContain(`${young}.csv`);
});

test("the sweep wakes imports that stand still and forgets files that nobody imported", async () => {
  const userId = await createUser();
  const [stalled, died, alive, fresh, abandoned] = await Promise.all(
    [1, 2, 3, 4, 5].map(() => upload(userId, rows("9812345678,,,"))),
  );
  for (const id of [stalled, died, alive, fresh]) await startImport(userId, id ?? "", choices());
  await sql`UPDATE imports SET "runnerUntil" = now() - interval '1 second' WHERE id = ${died}`;
  await sql`UPDATE imports SET "runnerUntil" = now() + interval '1 second' WHERE id = ${alive}`;
  await sql`UPDATE imports SET "updatedAt" = now() - interval '3 minutes' WHERE id = ${stalled}`;
  await sql`UPDATE imports SET "createdAt" = now() - interval '2 days' WHERE id = ${abandoned}`;
  vi.mocked(inngest.send).mockClear();

  await sweepImports();

  const sent = vi.mocked(inngest.send).mock.calls.map(([event]) => event);
  for (const importId of [stalled, died])
    expect(sent).toContainEqual(expect.objectContaining({ data: { userId, importId } }));
  for (const importId of [alive, fresh])
    expect(sent).not.toContainEqual(expect.objectContaining({ data: { userId, importId } }));
  expect((await importRepository.list(userId)).map(({ id }) => id).sort()).toEqual(
    [stalled, died, alive, fresh].sort(),
  );
  expect(await readdir(env.UPLOADS_DIR)).not.toContain(`${abandoned}.csv`);
});
