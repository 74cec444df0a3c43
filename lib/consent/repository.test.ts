import { expect, test } from "vitest";
import { consentRepository } from "@/lib/consent/repository";
import { contactRepository, type NewContact } from "@/lib/contacts/repository";
import { db } from "@/lib/db";
import { identityRepository } from "@/lib/identity/repository";
import type { UserId } from "@/lib/tenant";
import { createCampaign, createContact, createMessage, createUser } from "@/lib/testing/factories";

const asha: NewContact = {
  phone: "+919812345678",
  name: "Asha Rao",
  email: "asha@example.com",
  tags: ["VIP"],
  metadata: { city: "Pune" },
  source: "manual",
  consent: { wording: "In the shop" },
};

const ledger = async (userId: UserId, id: string) =>
  (await contactRepository.timeline(userId, id)).consent.map(({ action, source, wording }) => [
    action,
    source,
    wording,
  ]);

const countSuppressions = (userId: UserId) => db.suppression.count({ where: { userId } });

test("an opt-out survives deletion and adding the number again", async () => {
  const userId = await createUser();
  const first = await contactRepository.create(userId, asha);
  await consentRepository.set(userId, first.id, {
    action: "opt_out",
    source: "keyword",
    wording: "STOP",
  });
  await contactRepository.remove(userId, first.id);

  const again = await contactRepository.create(userId, asha);

  expect(again).toMatchObject({ optedIn: false, isSuppressed: true });
  expect(await contactRepository.get(userId, again.id)).toMatchObject({
    optedIn: false,
    optedOutAt: expect.any(Date),
  });
  expect(await ledger(userId, again.id)).toEqual([
    ["opt_out", "manual", expect.stringContaining("opted out before")],
  ]);
});

test("who opted out comes back only with a new agreement, which lifts the suppression", async () => {
  const userId = await createUser();
  const { id } = await contactRepository.create(userId, asha);
  await consentRepository.set(userId, id, { action: "opt_out", source: "manual" });

  await expect(
    consentRepository.set(userId, id, { action: "opt_in", source: "manual", wording: " " }),
  ).rejects.toMatchObject({ code: "INVALID", fields: { wording: [expect.any(String)] } });
  expect(await countSuppressions(userId)).toBe(1);

  await consentRepository.set(userId, id, {
    action: "opt_in",
    source: "manual",
    wording: "Asked by phone",
  });

  expect(await countSuppressions(userId)).toBe(0);
  expect(await contactRepository.get(userId, id)).toMatchObject({ optedIn: true, optedOutAt: null });
  expect(await ledger(userId, id)).toEqual([
    ["opt_in", "manual", "Asked by phone"],
    ["opt_out", "manual", null],
    ["opt_in", "manual", "In the shop"],
  ]);
});

test("the same change twice, or by many at once, is recorded once", async () => {
  const userId = await createUser();
  const { id } = await contactRepository.create(userId, asha);
  const stop = { action: "opt_out", source: "keyword", wording: "STOP" } as const;

  const changed = await Promise.all(Array.from({ length: 6 }, () => consentRepository.set(userId, id, stop)));

  expect(changed.filter(Boolean)).toHaveLength(1);
  expect(await ledger(userId, id)).toHaveLength(2);
});

test("somebody who was never asked can opt out", async () => {
  const userId = await createUser();
  const { id } = await identityRepository.recordInbound(userId, { waId: "919812345678", at: new Date() });

  expect(await consentRepository.set(userId, id, { action: "opt_out", source: "keyword" })).toBe(true);

  expect(await countSuppressions(userId)).toBe(1);
});

test("a late opt-out of a deleted person does no harm", async () => {
  const userId = await createUser();
  const { id } = await createContact(userId);
  await createMessage(userId, (await createCampaign(userId)).id, id);
  await contactRepository.remove(userId, id);

  expect(await consentRepository.set(userId, id, { action: "opt_out", source: "error_131050" })).toBe(false);
});
