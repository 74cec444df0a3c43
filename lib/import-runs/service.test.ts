import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile, rm } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { inngest } from "@/inngest/client";
import { runImportProcess } from "@/inngest/processes/run";
import { consentRepository } from "@/lib/consent/repository";
import { contactListRepository } from "@/lib/contact-lists/repository";
import { contactRepository } from "@/lib/contacts/repository";
import { createContact } from "@/lib/contacts/service";
import { db, sql, transaction } from "@/lib/db";
import { env } from "@/lib/env";
import { importRunRepository } from "@/lib/import-runs/repository";
import { runImport } from "@/lib/import-runs/service";
import { importRepository } from "@/lib/imports/repository";
import { exportRejected, getImport, previewImport, startImport } from "@/lib/imports/service";
import { asBlockedIsDeleted } from "@/lib/testing/deletions";
import { createUser } from "@/lib/testing/factories";
import { choices, countsOf, importFile, people, rows, runToEnd, textOf, upload } from "@/lib/testing/imports";
import { somebodyWaits } from "@/lib/testing/waiting";

await vi.hoisted(async () => {
  const [{ mkdtempSync }, { tmpdir }] = await Promise.all([import("node:fs"), import("node:os")]);
  process.env.UPLOADS_DIR = mkdtempSync(`${tmpdir()}/campanile-uploads-`);
});

afterAll(() => rm(env.UPLOADS_DIR, { recursive: true, force: true }));

beforeEach(() => {
  vi.spyOn(inngest, "send").mockResolvedValue({ ids: [] });
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
    expect(countsOf(result)).toEqual([8, 4, 0, 0, 0, 3, 1]);
    expect(result.rejectedRows).toEqual([
      {
        line: 5,
        isDuplicate: false,
        reason: expect.stringContaining("too short"),
        cells: ["12", "Kiran", "", ""],
      },
      {
        line: 7,
        isDuplicate: true,
        reason: "The same phone number as in line 2",
        cells: ["09812345678", "Asha again", "", ""],
      },
      {
        line: 8,
        isDuplicate: false,
        reason: expect.stringContaining("spreadsheet"),
        cells: ["9.19E+11", "Meera", "", ""],
      },
      {
        line: 10,
        isDuplicate: false,
        reason: expect.stringContaining("5 cells"),
        cells: ["9812345671", "A", "B", "C", "D"],
      },
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

  test("looks numbers up one by one also while PostgreSQL knows nothing of the account", async () => {
    const addPeople = (owner: string, count: number) => sql`
      INSERT INTO contacts ("userId", phone) SELECT ${owner}, '+9198' || lpad(number::text, 8, '0')
      FROM generate_series(1, ${count}::int) AS number`;
    await addPeople(await createUser(), 2000);
    await sql`ANALYZE contacts`;
    const userId = await createUser({ subscriptionTier: "pro" });
    await addPeople(userId, 20_000);
    const lines = Array.from({ length: 6000 }, (_, index) => `+9197${String(index).padStart(8, "0")},New,,`);

    const result = await importFile(userId, rows(...lines));
    const again = await importFile(userId, rows(...lines), { existing: "overwrite", tags: ["Twice"] });

    expect(countsOf(result)).toEqual([6000, 6000, 0, 0, 0, 0, 0]);
    expect(countsOf(again)).toEqual([6000, 0, 6000, 0, 0, 0, 0]);
    const known = await sql`
      SELECT FROM pg_stats WHERE tablename = 'contacts' AND attname = 'userId'
        AND most_common_vals::text LIKE '%' || ${userId}::text || '%'`;
    expect(known).toHaveLength(1);
  });

  test("goes on after what somebody commits who has died meanwhile", async () => {
    const userId = await createUser();
    const id = await upload(userId, rows("9812345678,Asha,,"));
    await startImport(userId, id, choices());
    await importRunRepository.claim(userId, id, randomUUID());
    await sql`UPDATE imports SET "runnerUntil" = NULL WHERE id = ${id}`;

    const { claiming } = await transaction(async (run) => {
      await run`UPDATE imports SET positions[1] = 1, "createdCount" = 1 WHERE id = ${id}`;
      const started = { claiming: importRunRepository.claim(userId, id, randomUUID()) };
      await somebodyWaits(run);
      return started;
    });

    expect(await claiming).toMatchObject({ positions: [1] });
    expect(await sql`SELECT positions FROM imports WHERE id = ${id}`).toEqual([{ positions: [1] }]);
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

    expect(countsOf(again)).toEqual([2, 1, 0, 1, 0, 0, 0]);
    expect((await people(userId)).map(({ optedIn }) => optedIn)).toEqual([false, false]);
    const { items } = await contactListRepository.page(userId, { import: again.id });
    expect(await consentRepository.list(userId, items[0]?.id ?? "")).toMatchObject([
      { action: "opt_out", source: "csv", wording: expect.stringContaining("opted out before"), fileRow: 3 },
    ]);
    expect(await contactRepository.countByConsent(userId)).toMatchObject({ optedIn: 0, optedOut: 2 });
  });

  test("nobody is opted in who was blocked and is deleted as the file is imported", async () => {
    const userId = await createUser();

    const { id } = await asBlockedIsDeleted(userId, "+919812345679", () =>
      importFile(userId, rows("9812345678,Asha,,", "9812345679,Ravi,,")),
    );

    expect((await people(userId)).map(({ optedIn }) => optedIn)).toEqual([true, false]);
    expect(await db.consentEvent.findMany({ where: { userId }, orderBy: { fileRow: "asc" } })).toMatchObject([
      { importId: id, action: "opt_in", fileRow: 2 },
      { importId: id, action: "opt_out", fileRow: 3 },
    ]);
  });

  test.each([
    [
      "skip",
      { name: null, tags: ["Old"], metadata: { city: "Pune" }, optedIn: false },
      [1, 0, 0, 0, 1, 0, 0],
    ],
    [
      "fill",
      { name: "Asha", tags: ["Old", "new"], metadata: { city: "Pune", size: "M" }, optedIn: true },
      [1, 0, 1, 0, 0, 0, 0],
    ],
    [
      "overwrite",
      { name: "Asha", tags: ["Old", "new"], metadata: { city: "Goa", size: "M" }, optedIn: true },
      [1, 0, 1, 0, 0, 0, 0],
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

    expect(countsOf(result)).toEqual([1, 0, 0, 1, 0, 0, 0]);
    expect(await people(userId)).toMatchObject([{ name: "Asha", tags: ["VIP"], metadata: { city: "Pune" } }]);
  });

  test("the same file again changes nothing and rewrites no row", async () => {
    const userId = await createUser();
    const file = rows("9812345678,Asha,VIP,Pune", "9812345679,Ravi,,", "12,,,");
    await importFile(userId, file);
    const versions = () =>
      sql`SELECT id, xmin::text, "updatedAt" FROM contacts WHERE "userId" = ${userId} ORDER BY id`;
    const before = await versions();

    expect(countsOf(await importFile(userId, file, { existing: "overwrite" }))).toEqual([
      3, 0, 0, 2, 0, 1, 0,
    ]);
    expect(await versions()).toEqual(before);
  });

  test.each([
    ["first", "P0"],
    ["last", "P2"],
  ] as const)("takes of the rows with one number the %s, and counts the others", async (duplicates, name) => {
    const userId = await createUser();

    const result = await importFile(
      userId,
      rows("9812345678,P0,,", "09812345678,P1,,", "+919812345678,P2,,", "12,P3,,"),
      { duplicates },
    );

    expect(countsOf(result)).toEqual([4, 1, 0, 0, 0, 1, 2]);
    expect(await people(userId)).toMatchObject([{ name }]);
    expect(result.rejectedRows.filter(({ isDuplicate }) => isDuplicate).map(({ line }) => line)).toEqual(
      duplicates === "first" ? [3, 4] : [2, 3],
    );
  });

  test("writes nothing twice when it is interrupted, and counts as if nothing had happened", async () => {
    const userId = await createUser({ subscriptionTier: "basic" });
    // Most of them are cheap to write.
    const many = Array.from({ length: 45_000 }, (_, index) =>
      index % 10 > 0 ? `bad,${index},,` : `98${String(10_000_000 + (index % 30_000))},P${index},,`,
    );
    const id = await upload(userId, rows(...many));
    await startImport(userId, id, choices());
    const { write } = importRunRepository;
    let calls = 0;
    vi.spyOn(importRunRepository, "write").mockImplementation((...args) =>
      ++calls === 2 ? Promise.reject(new Error("power cut")) : write(...args),
    );

    await expect(runImport(userId, id)).rejects.toThrow("power cut");
    expect(await importRepository.get(userId, id)).toMatchObject({ status: "processing" });
    await runToEnd(userId, id);
    await runToEnd(userId, id);

    const result = await getImport(userId, id);
    expect(result.status).toBe("completed");
    expect(countsOf(result)).toEqual([45_000, 3_000, 0, 0, 0, 40_500, 1_500]);
    expect(await db.contact.count({ where: { userId } })).toBe(3_000);
    expect(await db.consentEvent.count({ where: { userId } })).toBe(3_000);
    expect(result.rejectedRows).toHaveLength(50);
    expect((await textOf(await exportRejected(userId, id))).split("\r\n")).toHaveLength(42_000 + 2);
  });

  test("runs of the same import at once do its work once", async () => {
    const userId = await createUser();
    const id = await upload(
      userId,
      rows(...Array.from({ length: 6000 }, (_, index) => `98${10_000_000 + index},,,`)),
    );
    await startImport(userId, id, choices());

    const outcomes = await Promise.all([1, 2, 3].map(() => runImport(userId, id)));

    expect(outcomes.sort()).toEqual(["busy", "busy", "ended"]);
    expect(countsOf(await getImport(userId, id))).toEqual([6000, 6000, 0, 0, 0, 0, 0]);
    expect(await db.consentEvent.count({ where: { userId } })).toBe(6000);
  });

  test("a process that lost its import writes nothing more", async () => {
    const userId = await createUser();
    const id = await upload(userId, rows("9812345678,Asha,,"));
    await startImport(userId, id, choices());
    const { write } = importRunRepository;
    vi.spyOn(importRunRepository, "write").mockImplementationOnce(async (...args) => {
      await sql`UPDATE imports SET "runnerUntil" = NULL WHERE id = ${id}`;
      await runImport(userId, id);
      return write(...args);
    });

    expect(await runImport(userId, id)).toBe("ended");

    expect(countsOf(await getImport(userId, id))).toEqual([1, 1, 0, 0, 0, 0, 0]);
    expect(await db.consentEvent.count({ where: { userId } })).toBe(1);
  });

  test("overlapping files at once take turns, and nobody is counted twice", async () => {
    const userId = await createUser();
    const numbers = Array.from({ length: 6000 }, (_, index) => `98${10_000_000 + index}`);
    const files = [numbers, [...numbers].reverse(), numbers.filter((_, index) => index % 2 === 0)];
    const ids = await Promise.all(
      files.map((list, file) => upload(userId, rows(...list.map((phone) => `${phone},,t${file},`)))),
    );
    await Promise.all(ids.map((id) => startImport(userId, id, choices())));

    await Promise.all(ids.map((id) => runToEnd(userId, id)));

    const results = await Promise.all(ids.map((id) => getImport(userId, id)));
    expect(results.map(({ status }) => status)).toEqual(["completed", "completed", "completed"]);
    expect(results.reduce((sum, { createdCount }) => sum + createdCount, 0)).toBe(6000);
    for (const result of results) {
      const [total, ...parts] = countsOf(result);
      expect(parts.reduce((sum, count) => sum + count, 0)).toBe(total);
    }
    expect(await db.contact.count({ where: { userId } })).toBe(6000);
    expect(await db.consentEvent.count({ where: { userId } })).toBe(6000);
    const everyTag = { hasEvery: ["t0", "t1", "t2"] };
    expect(await db.contact.count({ where: { userId, tags: everyTag } })).toBe(3000);
  });

  test("adds no more people than the plan has, tells who was left out, and still updates the others", async () => {
    const userId = await createUser();
    await sql`
      INSERT INTO contacts ("userId", phone)
      SELECT ${userId}, '+9198' || (10000000 + n) FROM generate_series(1, 9998) AS n`;

    const result = await importFile(
      userId,
      rows("9820000001,A,,", "9810000001,Known,,", "9820000002,B,,", "9820000003,C,,x"),
    );

    expect(countsOf(result)).toEqual([4, 2, 1, 0, 0, 1, 0]);
    expect(result.rejectedRows).toEqual([
      {
        line: 5,
        isDuplicate: false,
        reason: "There is no room: the free plan has 10,000 contacts",
        cells: ["9820000003", "C", "", "x"],
      },
    ]);
    expect(await db.contact.count({ where: { userId } })).toBe(10_000);
  });

  test("two files at once and somebody at the form never make more than the plan has", async () => {
    const userId = await createUser();
    await sql`
      INSERT INTO contacts ("userId", phone)
      SELECT ${userId}, '+9197' || (10000000 + n) FROM generate_series(1, 4000) AS n`;
    const numbers = (from: number) =>
      Array.from({ length: 6000 }, (_, index) => `98${10_000_000 + from + index},,,`);
    const ids = await Promise.all([0, 3000].map((from) => upload(userId, rows(...numbers(from)))));
    await Promise.all(ids.map((id) => startImport(userId, id, choices())));
    const byHand = Array.from({ length: 20 }, (_, index) => {
      const input = { name: null, email: null, tags: [], metadata: {}, consent: null };
      return () => createContact(userId, { ...input, phone: `96${10_000_000 + index}` }).catch(() => null);
    });

    await Promise.all([...ids.map((id) => runToEnd(userId, id)), ...byHand.map((add) => add())]);

    expect(await db.contact.count({ where: { userId } })).toBe(10_000);
    for (const id of ids) {
      const [total, ...parts] = countsOf(await getImport(userId, id));
      expect(parts.reduce((sum, count) => sum + count, 0)).toBe(total);
    }
  });

  test("goes on in a process of its own after that was killed, with the same result", async () => {
    const userId = await createUser({ subscriptionTier: "basic" });
    // Most of them are cheap to write.
    const many = Array.from({ length: 50_000 }, (_, index) =>
      index % 10 > 0 ? `bad,${index},,` : `98${String(10_000_000 + (index % 45_000))},P${index},vip,Pune`,
    );
    const id = await upload(userId, rows(...many));
    await startImport(userId, id, choices());
    const doneOf = async () => {
      const [, ...parts] = countsOf(await importRepository.get(userId, id));
      return parts.reduce((sum, count) => sum + count, 0);
    };

    const child = fork("inngest/processes/import.ts", [userId, id], { execArgv: ["--import", "tsx"] });
    const ended = once(child, "exit");
    while ((await doneOf()) === 0) await setTimeout(10);
    child.kill("SIGKILL");
    await ended;
    const done = await doneOf();
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(50_000);
    await sql`UPDATE imports SET "runnerUntil" = now() - interval '1 second' WHERE id = ${id}`;
    expect((await runImportProcess(userId, id)).outcome).toBe("ended");

    const result = await getImport(userId, id);
    expect(result.status).toBe("completed");
    expect(countsOf(result)).toEqual([50_000, 4_500, 0, 0, 0, 45_000, 500]);
    expect(await db.contact.count({ where: { userId } })).toBe(4_500);
    expect(await db.consentEvent.count({ where: { userId } })).toBe(4_500);
  }, 60_000);

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
    expect(countsOf(result).slice(0, 5)).toEqual([totalRows, result.createdCount, 0, 0, 0]);
    expect(result.createdCount).toBeGreaterThan(950);
    const bad = result.rejectedCount + result.duplicateCount;
    expect(result.createdCount + bad).toBe(totalRows);
    expect(result.rejectedRows).toHaveLength(bad);
    expect(bad).toBeGreaterThanOrEqual(25);
    expect(bad).toBeLessThanOrEqual(35);
  });
});
