import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { inngest } from "@/inngest/client";
import { sql } from "@/lib/db";
import { env } from "@/lib/env";
import { failImport, runImport } from "@/lib/import-runs/service";
import { importRepository } from "@/lib/imports/repository";
import { exportRejected, getImport, previewImport, startImport, sweepImports } from "@/lib/imports/service";
import { createUser } from "@/lib/testing/factories";
import { choices, importFile, people, rows, textOf, upload } from "@/lib/testing/imports";

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
