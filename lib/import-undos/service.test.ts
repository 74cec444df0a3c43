import { rm } from "node:fs/promises";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { inngest } from "@/inngest/client";
import { consentRepository } from "@/lib/consent/repository";
import { contactRepository } from "@/lib/contacts/repository";
import { db, sql } from "@/lib/db";
import { env } from "@/lib/env";
import { importUndoRepository } from "@/lib/import-undos/repository";
import { checkUndo, startUndo, undoImport } from "@/lib/import-undos/service";
import { importRepository } from "@/lib/imports/repository";
import { getImport } from "@/lib/imports/service";
import type { UserId } from "@/lib/tenant";
import { createContact, createMessage, createUser } from "@/lib/testing/factories";
import { importFile, people, rows } from "@/lib/testing/imports";

await vi.hoisted(async () => {
  const [{ mkdtempSync }, { tmpdir }] = await Promise.all([import("node:fs"), import("node:os")]);
  process.env.UPLOADS_DIR = mkdtempSync(`${tmpdir()}/campanile-uploads-`);
});

afterAll(() => rm(env.UPLOADS_DIR, { recursive: true, force: true }));

beforeEach(() => {
  vi.spyOn(inngest, "send").mockResolvedValue({ ids: [] });
});

async function undo(userId: UserId, id: string) {
  await startUndo(userId, id);
  await undoImport(userId, id);
  return getImport(userId, id);
}

const contactOf = (userId: UserId, phone: string) =>
  db.contact.findFirstOrThrow({ where: { userId, phone } });

/** Everything of an account's people that an import may touch. */
const everything = (userId: UserId) =>
  sql`
    SELECT phone, name, email, tags, metadata, "optedIn", "optedInAt", "optedOutAt", "optInSource"
    FROM contacts WHERE "userId" = ${userId} ORDER BY phone`;

describe("undoImport", () => {
  test("removes whom the import created and gives the others back what they had", async () => {
    const userId = await createUser();
    await importFile(userId, rows("9812345671,Asha,Old,Pune", "9812345672,,,", "9812345673,Ravi,,"), {
      agreed: false,
      consentStatement: "",
    });
    const before = await everything(userId);
    const { id } = await importFile(
      userId,
      rows("9812345671,Zoë,New,Goa", "9812345672,Kiran,,", "9812345673,Ravi,,", "9812345674,Meera,,"),
      { existing: "overwrite" },
    );
    expect(await everything(userId)).not.toEqual(before);
    expect(await checkUndo(userId, id)).toEqual({ created: 1, changed: 3, kept: 0 });

    const undone = await undo(userId, id);

    expect(undone).toMatchObject({ status: "undone", removedCount: 1, restoredCount: 3, keptCount: 0 });
    expect(undone.undoneAt).not.toBeNull();
    expect(await everything(userId)).toEqual(before);
  });

  test("the ledger keeps the agreement of whom the import opted in, and says that it no longer counts", async () => {
    const userId = await createUser();
    await importFile(userId, rows("9812345671,Asha,,"), { agreed: false, consentStatement: "" });
    const { id } = await importFile(userId, rows("9812345671,Asha,,"));
    const asha = await contactOf(userId, "+919812345671");
    expect(asha.optedIn).toBe(true);

    await undo(userId, id);

    expect(await contactOf(userId, "+919812345671")).toMatchObject({
      optedIn: false,
      optedInAt: null,
      optedOutAt: null,
    });
    const consent = await consentRepository.list(userId, asha.id);
    expect(consent).toMatchObject([
      { action: "opt_out", source: "csv", importId: id, wording: expect.stringContaining("undone") },
      { action: "opt_in", source: "csv", importId: id },
    ]);
    const again = await importFile(userId, rows("9812345671,Asha,,"));
    expect(again.updatedCount).toBe(1);
    expect((await contactOf(userId, "+919812345671")).optedIn).toBe(true);
  });

  test("leaves alone who was used since, and says why", async () => {
    const userId = await createUser();
    const numbers = ["messages", "consent", "edited", "import", "untouched"].map((why, index) => ({
      why,
      phone: `+91981234560${index}`,
    }));
    const file = rows(...numbers.map(({ phone, why }) => `${phone},${why},,`));
    for (const { phone } of numbers.map(({ phone }) => ({ phone: phone.replace("60", "61") })))
      await createContact(userId, { phone, name: "Before", optedIn: false, optedInAt: null });
    const { id } = await importFile(
      userId,
      `${file}\n${rows(...numbers.map(({ phone, why }) => `${phone.replace("60", "61")},${why},,`))
        .split("\n")
        .slice(1)
        .join("\n")}`,
      {
        existing: "overwrite",
      },
    );
    for (const range of ["60", "61"]) {
      const find = async (why: string) =>
        contactOf(userId, (numbers.find((each) => each.why === why)?.phone ?? "").replace("60", range));
      await createMessage(userId, null, (await find("messages")).id, { status: "sent" });
      await consentRepository.set(userId, (await find("consent")).id, {
        action: "opt_out",
        source: "manual",
      });
      await contactRepository.update(userId, (await find("edited")).id, { name: "By hand" });
      const newer = await find("import");
      await importFile(userId, rows(`${newer.phone},,newer,`));
    }
    expect(await checkUndo(userId, id)).toEqual({ created: 1, changed: 1, kept: 8 });

    const undone = await undo(userId, id);

    expect(undone).toMatchObject({ status: "undone", removedCount: 1, restoredCount: 1, keptCount: 8 });
    const { items } = await importRepository.listPeople(userId, id, { list: "kept" });
    expect(items.map(({ name, kept }) => [kept, name]).sort()).toEqual([
      ["consent", "consent"],
      ["consent", "consent"],
      ["edited", "By hand"],
      ["edited", "By hand"],
      ["import", "import"],
      ["import", "import"],
      ["messages", "messages"],
      ["messages", "messages"],
    ]);
    expect((await people(userId)).filter(({ name }) => name === "Before")).toHaveLength(1);
    expect(await db.contact.count({ where: { userId } })).toBe(9);
  });

  test("takes one import after the other back, the newest first, to the very beginning", async () => {
    const userId = await createUser();
    const silent = { agreed: false, consentStatement: "" };
    await importFile(userId, rows("9812345670,Kiran,,"), silent);
    const beginning = await everything(userId);
    const first = await importFile(
      userId,
      rows("9812345670,,a,", "9812345671,Asha,,", "9812345672,,,"),
      silent,
    );
    const second = await importFile(userId, rows("9812345670,,b,Goa", "9812345671,,b,Pune"));
    const third = await importFile(userId, rows("9812345671,Zoë,,Goa", "9812345673,Ravi,,"), {
      existing: "overwrite",
    });

    for (const { id } of [third, second, first]) {
      expect(await undo(userId, id)).toMatchObject({ status: "undone", keptCount: 0 });
    }

    expect(await everything(userId)).toEqual(beginning);
  });

  test("brings nobody back who opted out while the import was writing", async () => {
    const userId = await createUser();
    const { id: contactId } = await createContact(userId, { phone: "+919812345671", name: "Before" });
    const { id } = await importFile(userId, rows("9812345671,After,,"), { existing: "overwrite" });
    await consentRepository.set(userId, contactId, { action: "opt_out", source: "keyword" });
    // As it looks when the opt-out began before the import's batch and waited for it.
    await sql`UPDATE contacts SET "updatedAt" = now() - interval '1 hour' WHERE id = ${contactId}`;
    await sql`UPDATE consent_events SET "createdAt" = now() - interval '1 hour' WHERE "contactId" = ${contactId}`;

    expect(await undo(userId, id)).toMatchObject({ restoredCount: 0, keptCount: 1 });

    expect(await contactOf(userId, "+919812345671")).toMatchObject({ name: "After", optedIn: false });
  });

  test("goes on where it was interrupted", async () => {
    const userId = await createUser();
    const { id } = await importFile(
      userId,
      rows(...Array.from({ length: 5_000 }, (_, index) => `98${10_000_000 + index},,,`)),
    );
    const first = await db.contact.findFirstOrThrow({ where: { userId }, orderBy: { id: "asc" } });
    await createMessage(userId, null, first.id, { status: "sent" });
    await startUndo(userId, id);
    const { removeCreated } = importUndoRepository;
    let calls = 0;
    vi.spyOn(importUndoRepository, "removeCreated").mockImplementation((...args) =>
      ++calls === 3 ? Promise.reject(new Error("power cut")) : removeCreated(...args),
    );

    await expect(undoImport(userId, id)).rejects.toThrow("power cut");
    expect(await importRepository.get(userId, id)).toMatchObject({ status: "undoing", keptCount: 1 });
    expect(await undoImport(userId, id)).toBe("busy");
    await sql`UPDATE imports SET "runnerUntil" = now() - interval '1 second' WHERE id = ${id}`;
    expect(await undoImport(userId, id)).toBe("ended");

    expect(await getImport(userId, id)).toMatchObject({
      status: "undone",
      removedCount: 4_999,
      keptCount: 1,
    });
    expect(await db.contact.count({ where: { userId } })).toBe(1);
  });

  test("is started once, only for an import that has ended, and only for 30 days", async () => {
    const userId = await createUser();
    const { id } = await importFile(userId, rows("9812345671,Asha,,"));
    await sql`UPDATE imports SET "completedAt" = now() - interval '31 days' WHERE id = ${id}`;
    await expect(startUndo(userId, id)).rejects.toMatchObject({ code: "CONFLICT" });
    await sql`UPDATE imports SET "completedAt" = now() WHERE id = ${id}`;

    const clicks = await Promise.allSettled([1, 2, 3].map(() => startUndo(userId, id)));

    expect(clicks.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await undoImport(userId, id);
    await expect(startUndo(userId, id)).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(startUndo(await createUser(), id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("a person who was erased leaves nothing of what they were before", async () => {
    const userId = await createUser();
    const contact = await createContact(userId, { phone: "+919812345671", name: "Before" });
    const { id } = await importFile(userId, rows("9812345671,After,,"), { existing: "overwrite" });
    await createMessage(userId, null, contact.id, { status: "sent" });

    await contactRepository.remove(userId, contact.id);

    expect(await db.importChange.count({ where: { userId, importId: id } })).toBe(0);
  });
});
