import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { inngest } from "@/inngest/client";
import { consentRepository } from "@/lib/consent/repository";
import { contactRepository } from "@/lib/contacts/repository";
import { db, sql } from "@/lib/db";
import { env } from "@/lib/env";
import { importRepository } from "@/lib/imports/repository";
import { type StartImport, startImportSchema } from "@/lib/imports/schema";
import {
  exportRejected,
  getImport,
  previewImport,
  runImport,
  startImport,
  sweepImports,
  uploadImport,
} from "@/lib/imports/service";
import type { UserId } from "@/lib/tenant";
import { createUser } from "@/lib/testing/factories";

await vi.hoisted(async () => {
  const [{ mkdtempSync }, { tmpdir }] = await Promise.all([import("node:fs"), import("node:os")]);
  process.env.UPLOADS_DIR = mkdtempSync(`${tmpdir()}/campanile-uploads-`);
});

afterAll(() => rm(env.UPLOADS_DIR, { recursive: true, force: true }));

beforeEach(() => {
  vi.spyOn(inngest, "send").mockResolvedValue({ ids: [] });
});

const upload = async (userId: UserId, file: string | Uint8Array<ArrayBuffer>) =>
  (await uploadImport(userId, "people.csv", new Blob([file]).stream())).id;

const choices = (changes: Partial<StartImport> = {}): StartImport =>
  startImportSchema.parse({
    mapping: { phone: "phone", name: "name", tags: "tags", custom: { city: "city" } },
    defaultCountry: "IN",
    agreed: true,
    consentStatement: "Signed at the counter",
    ...changes,
  });

/** From the file to the result. */
async function importFile(
  userId: UserId,
  file: string | Uint8Array<ArrayBuffer>,
  changes: Partial<StartImport> = {},
) {
  const id = await upload(userId, file);
  await startImport(userId, id, choices(changes));
  await runImport(userId, id);
  return getImport(userId, id);
}

const rows = (...lines: string[]) => ["phone,name,tags,city", ...lines].join("\n");

const people = async (userId: UserId) =>
  db.contact.findMany({
    where: { userId },
    select: { phone: true, name: true, tags: true, metadata: true, optedIn: true },
    orderBy: { phone: "asc" },
  });

const countsOf = ({
  totalRows,
  createdCount,
  updatedCount,
  unchangedCount,
  rejectedCount,
}: Awaited<ReturnType<typeof getImport>>) => [
  totalRows,
  createdCount,
  updatedCount,
  unchangedCount,
  rejectedCount,
];

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
      rows: Array.from({ length: 5 }, (_, index) => [`981234567${index}`, "Asha", "VIP", "Pune"]),
      defaultCountry: "IN",
      mapping: { phone: "phone", name: "name", tags: "tags", custom: { city: "city" } },
    });
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

  test("a stranger can neither see nor start nor run it", async () => {
    const [owner, stranger] = await Promise.all([createUser(), createUser()]);
    const id = await upload(owner, rows("9812345678,Asha,,"));

    for (const attempt of [previewImport, getImport, exportRejected]) {
      await expect(attempt(stranger, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
    await expect(startImport(stranger, id, choices())).rejects.toMatchObject({ code: "NOT_FOUND" });
    await startImport(owner, id, choices());
    await runImport(stranger, id);
    await importRepository.fail(stranger, id, "x");
    expect(await people(owner)).toEqual([]);
    expect(await importRepository.list(stranger)).toEqual([]);
    expect(await getImport(owner, id)).toMatchObject({ status: "processing" });
  });
});

describe("runImport", () => {
  test("imports what it can and explains every row that it cannot", async () => {
    const userId = await createUser();
    const file = rows(
      "9812345678,Asha,VIP;new,Pune",
      '+91 98123-45679,"Rao, Ravi",,"Navi\nMumbai"',
      "12,Kiran,,",
      "",
      "09812345678,Asha again,,",
      "9.19E+11,Meera,,",
      "9812345670",
      "9812345671,A,B,C,D",
      "'+919812345672,राज 🌸,,",
    );

    const result = await importFile(userId, file, { tags: ["Spring"] });

    expect(result).toMatchObject({ status: "completed", completedAt: expect.any(Date), errorMessage: null });
    expect(countsOf(result)).toEqual([8, 4, 0, 0, 4]);
    expect(result.rejectedRows).toEqual([
      { line: 5, reason: expect.stringContaining("too short"), cells: ["12", "Kiran", "", ""] },
      { line: 7, reason: "The same phone number as in line 2", cells: ["09812345678", "Asha again", "", ""] },
      { line: 8, reason: expect.stringContaining("spreadsheet"), cells: ["9.19E+11", "Meera", "", ""] },
      { line: 10, reason: expect.stringContaining("5 cells"), cells: ["9812345671", "A", "B", "C", "D"] },
    ]);
    expect(await people(userId)).toEqual([
      { phone: "+919812345670", name: null, tags: ["Spring"], metadata: {}, optedIn: true },
      { phone: "+919812345672", name: "राज 🌸", tags: ["Spring"], metadata: {}, optedIn: true },
      {
        phone: "+919812345678",
        name: "Asha",
        tags: ["Spring", "VIP", "new"],
        metadata: { city: "Pune" },
        optedIn: true,
      },
      {
        phone: "+919812345679",
        name: "Rao, Ravi",
        tags: ["Spring"],
        metadata: { city: "Navi Mumbai" },
        optedIn: true,
      },
    ]);
    expect(await readdir(env.UPLOADS_DIR)).not.toContain(`${result.id}.csv`);
  });

  test("writes every agreement into the ledger with its file and line", async () => {
    const userId = await createUser();

    const { id } = await importFile(userId, rows("9812345678,Asha,,", "9812345679,Ravi,,"));

    expect(
      await db.consentEvent.findMany({
        where: { userId },
        select: { action: true, source: true, wording: true, importId: true, fileRow: true, actor: true },
        orderBy: { fileRow: "asc" },
      }),
    ).toEqual(
      [2, 3].map((fileRow) => ({
        action: "opt_in",
        source: "csv",
        wording: "Signed at the counter",
        importId: id,
        fileRow,
        actor: userId,
      })),
    );
  });

  test("opts nobody in who did not agree", async () => {
    const userId = await createUser();

    await importFile(userId, rows("9812345678,Asha,,"), { agreed: false, consentStatement: "" });
    await importFile(userId, "phone,ok\n9812345679,yes\n9812345670,no\n", {
      mapping: { phone: "phone", consent: "ok", custom: {} },
    });

    expect((await people(userId)).map(({ phone, optedIn }) => [phone, optedIn])).toEqual([
      ["+919812345670", false],
      ["+919812345678", false],
      ["+919812345679", true],
    ]);
    expect(await db.consentEvent.count({ where: { userId } })).toBe(1);
  });

  test("whoever opted out stays out, also after being deleted, and the ledger says why", async () => {
    const userId = await createUser();
    await importFile(userId, rows("9812345678,Asha,,", "9812345679,Ravi,,"));
    const [asha, ravi] = await db.contact.findMany({ where: { userId }, orderBy: { phone: "asc" } });
    for (const id of [asha?.id ?? "", ravi?.id ?? ""]) {
      await consentRepository.set(userId, id, {
        action: "opt_out",
        source: "keyword",
        wording: "STOP",
      });
    }
    await contactRepository.remove(userId, ravi?.id ?? "");

    const again = await importFile(userId, rows("9812345678,Asha,,", "9812345679,Ravi,,"), {
      existing: "overwrite",
    });

    expect(countsOf(again)).toEqual([2, 1, 0, 1, 0]);
    expect((await people(userId)).map(({ optedIn }) => optedIn)).toEqual([false, false]);
    const { items } = await contactRepository.list(userId, { import: again.id });
    expect((await contactRepository.timeline(userId, items[0]?.id ?? "")).consent).toMatchObject([
      { action: "opt_out", source: "csv", wording: expect.stringContaining("opted out before"), fileRow: 3 },
    ]);
    expect(await contactRepository.countByConsent(userId)).toMatchObject({ optedIn: 0, optedOut: 2 });
  });

  test.each([
    ["skip", { name: null, tags: ["Old"], metadata: { city: "Pune" }, optedIn: false }, [1, 0, 0, 1, 0]],
    [
      "fill",
      { name: "Asha", tags: ["Old", "new"], metadata: { city: "Pune", size: "M" }, optedIn: true },
      [1, 0, 1, 0, 0],
    ],
    [
      "overwrite",
      { name: "Asha", tags: ["Old", "new"], metadata: { city: "Goa", size: "M" }, optedIn: true },
      [1, 0, 1, 0, 0],
    ],
  ] as const)("treats people it knows as told: %s", async (existing, expected, counts) => {
    const userId = await createUser();
    await importFile(userId, rows("9812345678,,Old,Pune"), { agreed: false, consentStatement: "" });

    const result = await importFile(userId, "phone,name,tags,city,size\n9812345678,Asha,OLD;new,Goa,M\n", {
      existing,
      mapping: { phone: "phone", name: "name", tags: "tags", custom: { city: "city", size: "size" } },
    });

    expect(countsOf(result)).toEqual(counts);
    expect(await people(userId)).toEqual([{ phone: "+919812345678", ...expected }]);
  });

  test("empty cells erase nothing", async () => {
    const userId = await createUser();
    await importFile(userId, rows("9812345678,Asha,VIP,Pune"));

    const result = await importFile(userId, rows("9812345678,,,"), { existing: "overwrite" });

    expect(countsOf(result)).toEqual([1, 0, 0, 1, 0]);
    expect(await people(userId)).toMatchObject([{ name: "Asha", tags: ["VIP"], metadata: { city: "Pune" } }]);
  });

  test("the same file again changes nothing and rewrites no row", async () => {
    const userId = await createUser();
    const file = rows("9812345678,Asha,VIP,Pune", "9812345679,Ravi,,", "12,,,");
    await importFile(userId, file);
    const versions = () =>
      sql`SELECT id, xmin::text, "updatedAt" FROM contacts WHERE "userId" = ${userId} ORDER BY id`;
    const before = await versions();

    expect(countsOf(await importFile(userId, file, { existing: "overwrite" }))).toEqual([3, 0, 0, 2, 1]);
    expect(await versions()).toEqual(before);
  });

  test("goes on where it was interrupted and counts as if nothing had happened", async () => {
    const userId = await createUser();
    const many = Array.from({ length: 4500 }, (_, index) =>
      index % 100 === 0 ? `bad,${index},,` : `98${String(10_000_000 + (index % 3000))},P${index},,`,
    );
    const id = await upload(userId, rows(...many));
    await startImport(userId, id, choices());
    const write = importRepository.apply;
    const apply = vi.spyOn(importRepository, "apply");
    let calls = 0;
    apply.mockImplementation((...args) =>
      ++calls === 2 ? Promise.reject(new Error("power cut")) : write(...args),
    );

    await expect(runImport(userId, id)).rejects.toThrow("power cut");
    expect(await importRepository.get(userId, id)).toMatchObject({ status: "processing", rejectedCount: 20 });
    await runImport(userId, id);
    await runImport(userId, id);

    const result = await getImport(userId, id);
    expect(result.status).toBe("completed");
    expect(countsOf(result)).toEqual([4500, 2970, 0, 0, 1530]);
    expect(await db.contact.count({ where: { userId } })).toBe(2970);
    expect(await db.consentEvent.count({ where: { userId } })).toBe(2970);
    expect(result.rejectedRows).toHaveLength(200);
    expect((await exportRejected(userId, id)).split("\r\n")).toHaveLength(1530 + 2);
  });

  test("runs of the same import at once do its work once", async () => {
    const userId = await createUser();
    const id = await upload(
      userId,
      rows(...Array.from({ length: 5000 }, (_, index) => `98${10_000_000 + index},,,`)),
    );
    await startImport(userId, id, choices());

    await Promise.all([1, 2, 3].map(() => runImport(userId, id).catch(() => undefined)));

    expect(countsOf(await getImport(userId, id))).toEqual([5000, 5000, 0, 0, 0]);
    expect(await db.consentEvent.count({ where: { userId } })).toBe(5000);
  });

  test("overlapping files at once neither block each other nor count anybody twice", async () => {
    const userId = await createUser();
    const numbers = Array.from({ length: 4000 }, (_, index) => `98${10_000_000 + index}`);
    const files = [numbers, [...numbers].reverse(), numbers.filter((_, index) => index % 2 === 0)];
    const ids = await Promise.all(
      files.map((list, file) => upload(userId, rows(...list.map((phone) => `${phone},,t${file},`)))),
    );
    await Promise.all(ids.map((id) => startImport(userId, id, choices())));

    await Promise.all(ids.map((id) => runImport(userId, id)));

    const results = await Promise.all(ids.map((id) => getImport(userId, id)));
    expect(results.map(({ status }) => status)).toEqual(["completed", "completed", "completed"]);
    expect(results.reduce((sum, { createdCount }) => sum + createdCount, 0)).toBe(4000);
    expect(await db.contact.count({ where: { userId } })).toBe(4000);
    expect(await db.consentEvent.count({ where: { userId } })).toBe(4000);
    const everyTag = { hasEvery: ["t0", "t1", "t2"] };
    expect(await db.contact.count({ where: { userId, tags: everyTag } })).toBe(2000);
  });

  test("says what happened when the file is gone", async () => {
    const userId = await createUser();
    const id = await upload(userId, rows("9812345678,Asha,,"));
    await startImport(userId, id, choices());
    vi.spyOn(env, "UPLOADS_DIR", "get").mockReturnValue("/nowhere");

    await runImport(userId, id);

    expect(await getImport(userId, id)).toMatchObject({
      status: "failed",
      errorMessage: "The uploaded file is no longer on the server. Upload it again.",
    });
  });

  test("imports the sample file", async () => {
    const userId = await createUser({ defaultCountry: "IN" });
    const id = await upload(userId, new Uint8Array(await readFile("public/samples/contacts.csv")));
    const { mapping, totalRows } = await previewImport(userId, id);
    expect(mapping).toEqual({
      phone: "Phone",
      name: "Name",
      email: "Email",
      tags: "Tags",
      custom: { City: "city", "Last order": "last_order", "Favourite product": "favourite_product" },
    });

    await startImport(userId, id, choices({ mapping: { ...mapping, phone: mapping.phone ?? "" } }));
    await runImport(userId, id);

    const result = await getImport(userId, id);
    expect(countsOf(result)).toEqual([totalRows, result.createdCount, 0, 0, result.rejectedRows.length]);
    expect(result.createdCount).toBeGreaterThan(950);
    expect(result.rejectedCount).toBeGreaterThanOrEqual(25);
    expect(result.rejectedCount).toBeLessThanOrEqual(35);
  });
});

test("the rejected rows can be downloaded, corrected and imported again", async () => {
  const userId = await createUser({ defaultCountry: "IN" });
  const { id } = await importFile(userId, rows("98,=Asha(),VIP,Pune"));

  const file = await exportRejected(userId, id);

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

test("the sweep wakes imports that stand still and forgets files that nobody imported", async () => {
  const userId = await createUser();
  const [stalled, fresh, abandoned] = await Promise.all(
    [1, 2, 3].map(() => upload(userId, rows("9812345678,,,"))),
  );
  for (const id of [stalled, fresh]) await startImport(userId, id ?? "", choices());
  await sql`UPDATE imports SET "updatedAt" = now() - interval '3 minutes' WHERE id = ${stalled}`;
  await sql`UPDATE imports SET "createdAt" = now() - interval '2 days' WHERE id = ${abandoned}`;
  vi.mocked(inngest.send).mockClear();

  await sweepImports();

  const sent = vi.mocked(inngest.send).mock.calls.map(([event]) => event);
  expect(sent).toContainEqual(expect.objectContaining({ data: { userId, importId: stalled } }));
  expect(sent).not.toContainEqual(expect.objectContaining({ data: { userId, importId: fresh } }));
  expect((await importRepository.list(userId)).map(({ id }) => id).sort()).toEqual([stalled, fresh].sort());
  expect(await readdir(env.UPLOADS_DIR)).not.toContain(`${abandoned}.csv`);
});
