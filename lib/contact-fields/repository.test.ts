import { rm } from "node:fs/promises";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { inngest } from "@/inngest/client";
import { contactFieldRepository, rememberFields } from "@/lib/contact-fields/repository";
import { contactRepository } from "@/lib/contacts/repository";
import { createContact } from "@/lib/contacts/service";
import { sql, transaction } from "@/lib/db";
import { env } from "@/lib/env";
import { startUndo, undoImport } from "@/lib/import-undos/service";
import type { UserId } from "@/lib/tenant";
import { createUser } from "@/lib/testing/factories";
import { importFile } from "@/lib/testing/imports";
import { somebodyWaits } from "@/lib/testing/waiting";

await vi.hoisted(async () => {
  const [{ mkdtempSync }, { tmpdir }] = await Promise.all([import("node:fs"), import("node:os")]);
  process.env.UPLOADS_DIR = mkdtempSync(`${tmpdir()}/campanile-uploads-`);
});

afterAll(() => rm(env.UPLOADS_DIR, { recursive: true, force: true }));

const asha = { phone: "+919812345678", name: "Asha", email: null, tags: [], consent: null };

let userId: UserId;
beforeEach(async () => {
  vi.spyOn(inngest, "send").mockResolvedValue({ ids: [] });
  userId = await createUser({ defaultCountry: "IN" });
});

const list = () => contactFieldRepository.list(userId);
const nextNight = () =>
  sql`UPDATE contact_fields SET "seenAt" = now() - interval '25 hours' WHERE "userId" = ${userId}`;

async function forgetUnused() {
  await nextNight();
  while ((await contactFieldRepository.forgetUnusedOfAllTenants()) > 0);
}

test("a field is known from the form, an edit and a file on, to its own account", async () => {
  const { id } = await createContact(userId, { ...asha, metadata: { city: "Pune", "last order": "7" } });
  expect(await list()).toEqual(["city", "last order"]);

  await contactRepository.update(userId, id, { metadata: { city: "Pune", plan: "gold" } });
  await importFile(userId, "phone,shoe\n98123 45679,42", {
    mapping: { phone: "phone", custom: { shoe: "shoe size" } },
  });

  expect(await list()).toEqual(["city", "last order", "plan", "shoe size"]);
  expect(await contactFieldRepository.list(await createUser())).toEqual([]);
});

test("what nobody has any more is forgotten in a night, and nothing else", async () => {
  const { id } = await createContact(userId, { ...asha, metadata: { city: "Pune", plan: "gold" } });
  await contactRepository.update(userId, id, { metadata: { city: "Pune" } });
  await contactFieldRepository.forgetUnusedOfAllTenants();
  expect(await list()).toEqual(["city", "plan"]);

  await forgetUnused();

  expect(await list()).toEqual(["city"]);
  await contactRepository.remove(userId, id);
  await forgetUnused();
  expect(await list()).toEqual([]);
});

test("every name is looked at, however many there are", async () => {
  const metadata = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`field ${n}`, "x"]));
  const { id } = await createContact(userId, { ...asha, metadata });
  await contactRepository.update(userId, id, { metadata: { "field 7": "x" } });

  await forgetUnused();

  expect(await list()).toEqual(["field 7"]);
});

test("what an undone import gives back is known again", async () => {
  await createContact(userId, { ...asha, metadata: { city: "Pune" } });
  const { id } = await importFile(userId, "phone,city\n98123 45678,Mumbai", {
    existing: "overwrite",
    mapping: { phone: "phone", custom: { city: "city" } },
  });
  await sql`DELETE FROM contact_fields WHERE "userId" = ${userId}`;

  await startUndo(userId, id);
  await undoImport(userId, id);

  expect(await list()).toEqual(["city"]);
});

test("a name that somebody is just given is not forgotten", async () => {
  await createContact(userId, { ...asha, metadata: {} });
  await transaction((sql) => rememberFields(sql, userId, ["city"]));
  await nextNight();

  const { forgetting } = await transaction(async (run) => {
    await run`UPDATE contacts SET metadata = '{"city": "Pune"}' WHERE "userId" = ${userId}`;
    await rememberFields(run, userId, ["city"]);
    const started = { forgetting: contactFieldRepository.forgetUnusedOfAllTenants() };
    await somebodyWaits(run);
    return started;
  });
  await forgetting;

  expect(await list()).toEqual(["city"]);
});
