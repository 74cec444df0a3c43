import { describe, expect, test } from "vitest";
import { bulkActionRepository } from "@/lib/bulk-actions/repository";
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
  (await consentRepository.list(userId, id)).map(({ action, source, wording }) => [action, source, wording]);

const stop = { action: "opt_out", source: "keyword" } as const;
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

describe("a number that WhatsApp spells otherwise", () => {
  const [phone, waId] = ["+541123456789", "5491123456789"];
  const known = (userId: UserId) => createContact(userId, { phone, waId });
  const add = (userId: UserId) => contactRepository.create(userId, { ...asha, phone: `+${waId}` });

  test.each<[string, (userId: UserId) => Promise<unknown>]>([
    ["opts out", async (me) => consentRepository.set(me, (await known(me)).id, stop)],
    [
      "is opted out together with others",
      async (me) => {
        const selection = { ids: [(await known(me)).id] };
        const { id } = await bulkActionRepository.create(me, { kind: "opt_out", tags: [], selection });
        await bulkActionRepository.proceed(me, id);
      },
    ],
    [
      "is deleted after they were blocked",
      async (me) => {
        const { id } = await known(me);
        await contactRepository.block(me, id, null);
        await contactRepository.remove(me, id);
      },
    ],
  ])("stays out by either spelling when the person %s", async (_, leave) => {
    const userId = await createUser();
    await leave(userId);

    expect(await add(userId)).toMatchObject({ optedIn: false, isSuppressed: true });
  });

  test("comes back by both", async () => {
    const userId = await createUser();
    const { id } = await known(userId);
    await consentRepository.set(userId, id, stop);
    expect(await countSuppressions(userId)).toBe(2);

    await consentRepository.set(userId, id, { action: "opt_in", source: "manual", wording: "By phone" });

    expect(await countSuppressions(userId)).toBe(0);
  });

  test("is not meant when the person gets another number that had opted out", async () => {
    const userId = await createUser();
    const other = await createContact(userId, { phone: "+919812345678" });
    await consentRepository.set(userId, other.id, stop);
    await contactRepository.remove(userId, other.id);
    const { id } = await known(userId);

    await contactRepository.update(userId, id, { phone: "+919812345678" });

    expect(await contactRepository.get(userId, id)).toMatchObject({ optedIn: false });
    expect(await add(userId)).toMatchObject({ optedIn: true });
  });
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

describe("what WhatsApp reports, in any order", () => {
  const at = (second: number) => new Date(Date.UTC(2026, 4, 1, 10, 0, second));
  type Word = { name: string; at: Date };
  const said: Record<string, (userId: UserId, id: string, when: Date) => Promise<boolean>> = {
    STOP: (userId, id, when) => consentRepository.set(userId, id, { ...stop, wording: "STOP", at: when }),
    START: (userId, id, when) =>
      consentRepository.optInAgain(userId, id, { source: "keyword", wording: "START", at: when }),
    stop: (userId, id, when) =>
      consentRepository.set(userId, id, { action: "opt_out", source: "whatsapp_settings", at: when }),
    resume: (userId, id, when) => consentRepository.resume(userId, id, { at: when, wording: "resume" }),
  };
  const permutations = (words: Word[]): Word[][] =>
    words.length < 2
      ? [words]
      : words.flatMap((word, index) =>
          permutations(words.toSpliced(index, 1)).map((others) => [word, ...others]),
        );

  test.each([
    ["STOP, START", true],
    ["START, STOP", false],
    ["STOP, START, STOP", false],
    ["START, STOP, START", true],
    ["stop, resume", true],
    ["stop, resume, stop", false],
    ["STOP, stop", false],
    ["stop, STOP, START", true],
  ])("%s ends with the last word of the person, twice as well", async (words, optedIn) => {
    const spoken = words.split(", ").map((name, index) => ({ name, at: at(index * 2) }));
    for (const order of permutations(spoken)) {
      const userId = await createUser();
      const { id } = await createContact(userId, { optedInAt: new Date("2026-01-01"), optInSource: "csv" });

      for (const word of [...order, ...order]) await said[word.name]?.(userId, id, word.at);

      expect({ order, optedIn: (await contactRepository.get(userId, id)).optedIn }).toEqual({
        order,
        optedIn,
      });
    }
  });

  test.each([
    ["STOP", "resume"],
    ["stop", "STOP", "resume"],
    ["STOP", "stop", "resume"],
  ])("a resume in WhatsApp's settings does not lift what was typed: %s %s %s", async (...words) => {
    const userId = await createUser();
    const { id } = await createContact(userId);

    for (const [index, word] of words.filter(Boolean).entries())
      await said[word]?.(userId, id, new Date(Date.now() + index * 2000));

    expect(await contactRepository.get(userId, id)).toMatchObject({ optedIn: false });
    expect(await countSuppressions(userId)).toBe(1);
  });

  test("a resume lifts what a refused message (131050) had told, with the suppression, and dates the agreement as before", async () => {
    const userId = await createUser();
    const { id, optedInAt } = await createContact(userId, { optedInAt: at(0) });
    await consentRepository.set(userId, id, { action: "opt_out", source: "error_131050", at: at(2) });

    expect(await consentRepository.resume(userId, id, { at: at(4), wording: "resumed" })).toBe(true);

    expect(await contactRepository.get(userId, id)).toMatchObject({
      optedIn: true,
      optedInAt,
      optedOutAt: null,
    });
    expect(await countSuppressions(userId)).toBe(0);
    expect(
      (await db.consentEvent.findMany({ where: { userId }, orderBy: { id: "asc" } })).map(
        ({ action, source, occurredAt }) => [action, source, occurredAt],
      ),
    ).toEqual([
      ["opt_out", "error_131050", at(2)],
      ["opt_in", "whatsapp_settings", at(4)],
    ]);
  });

  test("neither a resume nor START is the agreement of somebody who was never asked", async () => {
    const userId = await createUser();
    const { id } = await createContact(userId, { optedIn: false, optedInAt: null });

    expect(await said.START?.(userId, id, at(0))).toBe(false);
    await said.stop?.(userId, id, at(2));
    expect(await said.resume?.(userId, id, at(4))).toBe(false);

    expect(await contactRepository.get(userId, id)).toMatchObject({ optedIn: false });
  });

  test("of an agreement and an opt-out in the same second the opt-out stands", async () => {
    const userId = await createUser();
    const { id } = await createContact(userId, { optedInAt: at(0), optInSource: "webhook" });

    expect(await said.STOP?.(userId, id, at(0))).toBe(true);
    expect(await said.START?.(userId, id, at(0))).toBe(false);
  });

  test.each([
    [59, true],
    [61, false],
  ])(
    "a STOP that is %d minutes older than what the owner wrote down: opts out %s",
    async (minutes, optsOut) => {
      const userId = await createUser();
      const optedInAt = new Date(at(0).getTime() + minutes * 60_000);
      const { id } = await createContact(userId, { optedInAt, optInSource: "manual" });

      expect(await said.STOP?.(userId, id, at(0))).toBe(optsOut);
    },
  );

  test("a file is no agreement later than a STOP that was written before it and comes after it", async () => {
    const userId = await createUser();
    const { id } = await createContact(userId, { optedInAt: at(9), optInSource: "csv" });

    expect(await said.STOP?.(userId, id, at(0))).toBe(true);
  });
});

test("whoever opts out is in no queue any more, and what is on its way is left alone", async () => {
  const userId = await createUser();
  const { id } = await createContact(userId);
  const campaign = async () => (await createCampaign(userId, { status: "processing" })).id;
  const waiting = await createMessage(userId, await campaign(), id);
  const leaving = await createMessage(userId, await campaign(), id, { status: "sending" });
  const other = await createMessage(userId, await campaign(), (await createContact(userId)).id);

  await consentRepository.set(userId, id, { action: "opt_out", source: "keyword" });

  const rows = await db.message.findMany({ where: { userId }, orderBy: { id: "asc" } });
  expect(rows.map((row) => [row.id, row.status, row.errorMessage])).toEqual([
    [waiting.id, "skipped", "Opted out before the message was sent"],
    [leaving.id, "sending", null],
    [other.id, "queued", null],
  ]);
});
