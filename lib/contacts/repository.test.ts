import { describe, expect, test } from "vitest";
import { consentRepository } from "@/lib/consent/repository";
import { contactRepository, type NewContact } from "@/lib/contacts/repository";
import { db, sql } from "@/lib/db";
import { identityRepository } from "@/lib/identity/repository";
import type { UserId } from "@/lib/tenant";
import { asBlockedIsDeleted } from "@/lib/testing/deletions";
import { createCampaign, createMessage, createUser } from "@/lib/testing/factories";

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
  (await consentRepository.list(userId, id)).map(({ action, source, wording }) => [action, source, wording]);

const countSuppressions = (userId: UserId) => db.suppression.count({ where: { userId } });

test("the plan's room is kept to by whoever is added, also at once, and by nobody who writes", async () => {
  const userId = await createUser();
  await sql`
    INSERT INTO contacts ("userId", phone) SELECT ${userId}, '+9198' || (10000000 + n) FROM generate_series(1, 9998) AS n`;
  const add = (phone: string) => contactRepository.create(userId, { ...asha, phone });

  const added = await Promise.allSettled([1, 2, 3, 4, 5].map((n) => add(`+91982000000${n}`)));

  expect(added.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
  expect(added.find(({ status }) => status === "rejected")).toMatchObject({
    reason: {
      code: "CONFLICT",
      message: expect.stringMatching(/no room: the free plan has 10,000 contacts\. Change/),
    },
  });
  await expect(add("+919810000001")).rejects.toMatchObject({
    message: expect.stringContaining("already among"),
  });
  await identityRepository.recordInbound(userId, { waId: "919830000000", at: null });
  expect(await db.contact.count({ where: { userId } })).toBe(10_001);
});

test("who was counted before is not counted again, and a full account looks who is gone", async () => {
  const userId = await createUser();
  await sql`
    INSERT INTO contacts (id, "userId", phone)
    SELECT overlay(uuid_v7()::text PLACING '019a' FROM 1 FOR 4)::uuid, ${userId}, '+9198' || (10000000 + n)
    FROM generate_series(1, 9998) AS n`;
  const counted = async () => (await db.user.findUniqueOrThrow({ where: { id: userId } })).countedContacts;

  await contactRepository.create(userId, { ...asha, phone: "+919820000001" });
  expect(await counted()).toBe(9_998);
  await contactRepository.create(userId, { ...asha, phone: "+919820000002" });
  await expect(contactRepository.create(userId, { ...asha, phone: "+919820000003" })).rejects.toThrow(
    "no room",
  );
  await sql`DELETE FROM contacts WHERE "userId" = ${userId} AND phone LIKE '+9198100000%'`;

  await contactRepository.create(userId, { ...asha, phone: "+919820000003" });
  expect(await counted()).toBe(9_899);
});

test("many at once are added in one go, and of each it is told what became of it", async () => {
  const userId = await createUser();
  const gone = await contactRepository.create(userId, { ...asha, phone: "+919812345670" });
  await consentRepository.set(userId, gone.id, { action: "opt_out", source: "keyword", wording: "STOP" });
  await contactRepository.remove(userId, gone.id);
  await contactRepository.create(userId, asha);
  await sql`
    INSERT INTO contacts ("userId", phone) SELECT ${userId}, '+9198' || (10000000 + n) FROM generate_series(1, 9996) AS n`;

  const added = await contactRepository.createAll(userId, [
    { ...asha, phone: "+919812345679", source: "api" },
    { ...asha, source: "api" },
    { ...asha, phone: "+919812345670", source: "api" },
    { ...asha, phone: "+919812345679", name: "Twin", source: "api" },
    { ...asha, phone: "+919812345674", source: "api", consent: null },
    { ...asha, phone: "+919812345675", source: "api" },
  ]);

  expect(added).toEqual([
    { id: expect.any(String), optedIn: true, isSuppressed: false },
    expect.objectContaining({
      code: "CONFLICT",
      message: expect.stringContaining("already among your contacts"),
    }),
    { id: expect.any(String), optedIn: false, isSuppressed: true },
    expect.objectContaining({
      code: "CONFLICT",
      message: expect.stringContaining("already among your contacts"),
    }),
    { id: expect.any(String), optedIn: false, isSuppressed: false },
    expect.objectContaining({ code: "CONFLICT", message: expect.stringContaining("no room") }),
  ]);
  const of = (index: number) => (added[index] as { id: string }).id;
  const { source, consent, ...stored } = asha;
  expect(await contactRepository.get(userId, of(0))).toMatchObject({
    ...{ ...stored, phone: "+919812345679", optInSource: "api", optedIn: true },
  });
  expect(await ledger(userId, of(0))).toEqual([["opt_in", "api", "In the shop"]]);
  expect(await ledger(userId, of(2))).toEqual([
    ["opt_out", "api", expect.stringContaining("opted out before")],
  ]);
  expect(await ledger(userId, of(4))).toEqual([]);
});

describe("tenancy", () => {
  test("a stranger reads and changes nothing", async () => {
    const [owner, stranger] = await Promise.all([createUser(), createUser()]);
    const { id } = await contactRepository.create(owner, asha);
    const before = await contactRepository.get(owner, id);

    for (const attempt of [
      () => contactRepository.get(stranger, id),
      () => contactRepository.update(stranger, id, { name: "Mine" }),
      () => consentRepository.set(stranger, id, { action: "opt_out", source: "manual" }),
      () => contactRepository.remove(stranger, id),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
    await expect(contactRepository.block(stranger, id, null)).rejects.toMatchObject({ code: "P2025" });
    await expect(contactRepository.unblock(stranger, id)).rejects.toMatchObject({ code: "P2025" });
    expect(await contactRepository.find(stranger, id)).toBeNull();
    expect(await contactRepository.findOptedInContacts(stranger)).toEqual([]);
    expect(await contactRepository.listTags(stranger)).toEqual([]);
    expect(await contactRepository.listCustomFields(stranger)).toEqual([]);
    expect(await consentRepository.list(stranger, id)).toEqual([]);
    expect(await contactRepository.countByConsent(stranger)).toMatchObject({ total: 0 });
    expect(await contactRepository.get(owner, id)).toEqual(before);
  });

  test("the same number belongs to two businesses independently", async () => {
    const [one, other] = await Promise.all([createUser(), createUser()]);
    const mine = await contactRepository.create(one, asha);
    const theirs = await contactRepository.create(other, asha);

    await consentRepository.set(one, mine.id, {
      action: "opt_out",
      source: "keyword",
      wording: "STOP",
    });

    expect(await contactRepository.get(other, theirs.id)).toMatchObject({ optedIn: true });
  });
});

describe("create", () => {
  test("stores a person with the agreement in the ledger", async () => {
    const userId = await createUser();

    const { id, optedIn } = await contactRepository.create(userId, asha);

    expect(optedIn).toBe(true);
    const { source, consent, ...stored } = asha;
    expect(await contactRepository.get(userId, id)).toMatchObject({
      ...stored,
      optInSource: source,
      optedIn: true,
    });
    expect(await ledger(userId, id)).toEqual([["opt_in", "manual", "In the shop"]]);
    expect(await contactRepository.findOptedInContacts(userId)).toMatchObject([{ id }]);
  });

  test("does not opt in without an agreement", async () => {
    const userId = await createUser();

    const { id, optedIn } = await contactRepository.create(userId, { ...asha, consent: null });

    expect(optedIn).toBe(false);
    expect(await contactRepository.get(userId, id)).toMatchObject({ optedInAt: null, optedOutAt: null });
    expect(await ledger(userId, id)).toEqual([]);
    expect(await contactRepository.findOptedInContacts(userId)).toEqual([]);
  });

  test("dates an agreement at the start of that day in the account's zone, never in the future", async () => {
    const userId = await createUser({ timeZone: "Asia/Kolkata" });
    const past = { ...asha, consent: { wording: "By phone", agreedOn: "2026-03-01" } };
    const future = {
      ...asha,
      phone: "+919812345679",
      consent: { wording: "By phone", agreedOn: "2999-01-01" },
    };

    const [one, other] = [
      await contactRepository.create(userId, past),
      await contactRepository.create(userId, future),
    ];

    expect((await contactRepository.get(userId, one.id)).optedInAt?.toISOString()).toBe(
      "2026-02-28T18:30:00.000Z",
    );
    expect((await contactRepository.get(userId, other.id)).optedInAt?.getTime()).toBeLessThanOrEqual(
      Date.now(),
    );
  });

  test("refuses a number twice, also for callers at once, and names who has it", async () => {
    const userId = await createUser();

    const attempts = await Promise.allSettled(
      Array.from({ length: 5 }, () => contactRepository.create(userId, asha)),
    );

    expect(attempts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(contactRepository.create(userId, asha)).rejects.toMatchObject({
      code: "CONFLICT",
      fields: { phone: ["+919812345678 is already among your contacts: Asha Rao"] },
    });
  });
});

describe("update", () => {
  test("changes what is given and leaves the rest", async () => {
    const userId = await createUser();
    const { id } = await contactRepository.create(userId, asha);

    await contactRepository.update(userId, id, { name: "Asha R.", metadata: { city: "Mumbai" } });

    expect(await contactRepository.get(userId, id)).toMatchObject({
      phone: asha.phone,
      email: asha.email,
      tags: ["VIP"],
      name: "Asha R.",
      metadata: { city: "Mumbai" },
      optedIn: true,
    });
  });

  test("a number that had opted out takes the opt-in away", async () => {
    const userId = await createUser();
    const old = await contactRepository.create(userId, asha);
    await consentRepository.set(userId, old.id, { action: "opt_out", source: "manual" });
    await contactRepository.remove(userId, old.id);
    const { id } = await contactRepository.create(userId, { ...asha, phone: "+919812345679" });

    await contactRepository.update(userId, id, { phone: asha.phone });

    expect(await contactRepository.get(userId, id)).toMatchObject({ phone: asha.phone, optedIn: false });
    expect(await contactRepository.findOptedInContacts(userId)).toEqual([]);
  });

  test("a new number forgets what WhatsApp told about the old one", async () => {
    const userId = await createUser();
    const { id } = await identityRepository.recordInbound(userId, {
      waId: "919812345678",
      waUserId: "IN.1",
      at: new Date(),
    });

    await contactRepository.update(userId, id, { phone: "+919812345679" });

    const inbound = await identityRepository.recordInbound(userId, {
      waId: "919812345678",
      waUserId: "IN.1",
      at: new Date(),
    });
    expect(inbound.id).not.toBe(id);
  });

  test("refuses a number that another contact has", async () => {
    const userId = await createUser();
    await contactRepository.create(userId, asha);
    const { id } = await contactRepository.create(userId, { ...asha, phone: "+919812345679" });

    await expect(contactRepository.update(userId, id, { phone: asha.phone })).rejects.toMatchObject({
      code: "CONFLICT",
      fields: { phone: [expect.stringContaining("Asha Rao")] },
    });
  });
});

describe("remove", () => {
  test("deletes a person without messages entirely", async () => {
    const userId = await createUser();
    const { id } = await contactRepository.create(userId, asha);

    await contactRepository.remove(userId, id);

    expect(await db.contact.count({ where: { userId } })).toBe(0);
    expect(await db.consentEvent.count({ where: { userId } })).toBe(0);
    expect(await countSuppressions(userId)).toBe(0);
    await expect(contactRepository.remove(userId, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("keeps an empty row for campaigns, without anything personal", async () => {
    const userId = await createUser();
    const { id } = await contactRepository.create(userId, asha);
    const campaign = await createCampaign(userId, { sentCount: 1, totalRecipients: 1 });
    await createMessage(userId, campaign.id, id, { status: "sent", sentAt: new Date() });

    await contactRepository.remove(userId, id);

    const row = await db.contact.findFirst({ where: { userId, id } });
    expect(row).toMatchObject({
      phone: null,
      name: null,
      email: null,
      tags: [],
      metadata: {},
      optedIn: false,
    });
    expect(row?.deletedAt).toBeInstanceOf(Date);
    expect(await db.message.findMany({ where: { userId }, select: { content: true, status: true } })).toEqual(
      [{ content: {}, status: "sent" }],
    );
    expect(await db.campaign.findFirst({ where: { userId } })).toMatchObject({
      sentCount: 1,
      totalRecipients: 1,
    });
    expect(await db.consentEvent.count({ where: { userId } })).toBe(0);
    await expect(contactRepository.get(userId, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(contactRepository.remove(userId, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await contactRepository.countByConsent(userId)).toMatchObject({ total: 0 });
    expect(await contactRepository.create(userId, asha)).toMatchObject({ optedIn: true });
  });

  test("a blocked person who comes back is not opted in", async () => {
    const userId = await createUser();
    const { id } = await contactRepository.create(userId, asha);
    await contactRepository.block(userId, id, "Rude");
    await contactRepository.remove(userId, id);

    expect(await contactRepository.create(userId, asha)).toMatchObject({
      optedIn: false,
      isSuppressed: true,
    });
  });

  test("nobody is opted in who gets the number of somebody blocked as that one is deleted", async () => {
    const userId = await createUser();
    const other = await contactRepository.create(userId, { ...asha, phone: "+919812345679" });

    const added = await asBlockedIsDeleted(userId, asha.phone, () => contactRepository.create(userId, asha));
    await asBlockedIsDeleted(userId, "+919812345670", () =>
      contactRepository.update(userId, other.id, { phone: "+919812345670" }),
    );

    expect(added).toMatchObject({ optedIn: false, isSuppressed: true });
    for (const { id } of [added, other]) {
      expect(await contactRepository.get(userId, id)).toMatchObject({
        optedIn: false,
        optedOutAt: expect.any(Date),
      });
      expect((await ledger(userId, id))[0]).toEqual(["opt_out", "manual", expect.stringContaining("before")]);
    }
  });
});

test("the tags, fields and consents of an account are counted", async () => {
  const userId = await createUser();
  const [one, other] = [
    await contactRepository.create(userId, asha),
    await contactRepository.create(userId, { ...asha, phone: "+919812345679", tags: ["new", "VIP"] }),
  ];
  await contactRepository.create(userId, { ...asha, phone: "+919812345670", consent: null, tags: [] });
  await consentRepository.set(userId, one.id, { action: "opt_out", source: "manual" });
  await contactRepository.block(userId, other.id, null);

  expect(await contactRepository.countByConsent(userId)).toEqual({
    ...{ total: 3, optedIn: 1, optedOut: 1, notAsked: 1, blocked: 1 },
  });
  expect(await contactRepository.listTags(userId)).toEqual([
    { tag: "new", count: 1 },
    { tag: "VIP", count: 2 },
  ]);
  expect(await contactRepository.listCustomFields(userId)).toEqual(["city"]);
});
