import { expect, test } from "vitest";
import { contactRepository, type NewContact } from "@/lib/contacts/repository";
import { db } from "@/lib/db";
import { identityRepository } from "@/lib/identity/repository";
import { createContact, createUser } from "@/lib/testing/factories";

const asha: NewContact = {
  phone: "+919812345678",
  name: "Asha Rao",
  email: "asha@example.com",
  tags: ["VIP"],
  metadata: { city: "Pune" },
  source: "manual",
  consent: { wording: "In the shop" },
};

test("creates an unknown sender once, not opted in", async () => {
  const userId = await createUser();
  const at = new Date("2026-05-01T10:00:00Z");
  const sender = { waId: "919812345678", waUserId: "IN.1", name: "Asha", at };

  const found = await Promise.all(
    Array.from({ length: 6 }, () => identityRepository.recordInbound(userId, sender)),
  );

  expect(new Set(found.map(({ id }) => id)).size).toBe(1);
  expect(await db.contact.findMany({ where: { userId } })).toMatchObject([
    { phone: "+919812345678", name: "Asha", optedIn: false, optInSource: "webhook", lastInboundAt: at },
  ]);
});

test("finds a contact by number and learns the ids, but keeps the name and the latest time", async () => {
  const userId = await createUser();
  const { id } = await contactRepository.create(userId, asha);
  const late = new Date("2026-05-02T00:00:00Z");
  await identityRepository.recordInbound(userId, {
    waId: "919812345678",
    waUserId: "IN.1",
    name: "A.",
    at: late,
  });

  const again = await identityRepository.recordInbound(userId, {
    waId: null,
    waUserId: "IN.1",
    at: new Date(0),
  });

  expect(again).toEqual({ id, optedIn: true });
  expect(await contactRepository.get(userId, id)).toMatchObject({ name: "Asha Rao", lastInboundAt: late });
});

test("knows Mexico's old spelling of a number", async () => {
  const userId = await createUser();
  const { id } = await contactRepository.create(userId, { ...asha, phone: "+525512345678" });

  expect(await identityRepository.recordInbound(userId, { waId: "5215512345678", at: null })).toMatchObject({
    id,
  });
});

test("finds a contact by the WhatsApp id that differs from the number", async () => {
  const userId = await createUser();
  const { id } = await createContact(userId, { phone: "+5511987654321", waId: "551187654321" });

  expect(await identityRepository.recordInbound(userId, { waId: "551187654321", at: null })).toMatchObject({
    id,
  });
});

test("keeps people apart who have no number", async () => {
  const userId = await createUser();
  const one = await identityRepository.recordInbound(userId, {
    waId: null,
    waUserId: "IN.1",
    at: new Date(),
  });
  const other = await identityRepository.recordInbound(userId, {
    waId: null,
    waUserId: "IN.2",
    at: new Date(),
  });

  expect(one.id).not.toBe(other.id);
});
