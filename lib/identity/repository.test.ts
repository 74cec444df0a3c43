import { describe, expect, test } from "vitest";
import { bulkActionRepository } from "@/lib/bulk-actions/repository";
import { campaignRepository } from "@/lib/campaigns/repository";
import { consentRepository } from "@/lib/consent/repository";
import { contactRepository, type NewContact } from "@/lib/contacts/repository";
import { counterRepository } from "@/lib/counters/repository";
import { db, transaction } from "@/lib/db";
import { lostIn } from "@/lib/identity/joined";
import { identityRepository } from "@/lib/identity/repository";
import { inboxRepository } from "@/lib/inbox/repository";
import { messageRepository } from "@/lib/messages/repository";
import { sent } from "@/lib/messages/settlement";
import type { UserId } from "@/lib/tenant";
import { asBlockedIsDeleted } from "@/lib/testing/deletions";
import {
  claimMessages,
  createCampaign,
  createContact,
  createMessage,
  createUser,
} from "@/lib/testing/factories";

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

test("somebody unknown from a number that had opted out is out, and the ledger says why", async () => {
  const userId = await createUser();
  const { id } = await createContact(userId, { phone: "+919812345678" });
  await consentRepository.set(userId, id, stop);
  await contactRepository.remove(userId, id);

  const sender = { waId: "919812345678", at: new Date() };
  const again = await identityRepository.recordInbound(userId, sender);

  expect(await find(userId, again.id)).toMatchObject({ optedIn: false, optedOutAt: expect.any(Date) });
  expect(await db.consentEvent.findMany({ where: { userId } })).toMatchObject([
    {
      contactId: again.id,
      action: "opt_out",
      source: "webhook",
      wording: expect.stringContaining("opted out"),
    },
  ]);
});

test("whoever writes from a blocked number, or moves to it, as its entry is deleted is out", async () => {
  const userId = await createUser();
  const moving = await createContact(userId, { phone: "+919812345678", waId: "919812345678" });

  const writing = await asBlockedIsDeleted(userId, "+919812345679", () =>
    identityRepository.recordInbound(userId, { waId: "919812345679", at: new Date() }),
  );
  await asBlockedIsDeleted(userId, "+919812345670", () =>
    identityRepository.changeIdentity(userId, { waId: "919812345678" }, { waId: "919812345670" }),
  );

  for (const { id } of [writing, moving])
    expect(await find(userId, id)).toMatchObject({ optedIn: false, optedOutAt: expect.any(Date) });
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

const find = (userId: UserId, id: string) => db.contact.findUniqueOrThrow({ where: { userId, id } });
const stop = { action: "opt_out", source: "keyword", wording: "STOP" } as const;

describe("merge", () => {
  test("makes two entries one, with everything that was said and known", async () => {
    const userId = await createUser();
    const keep = await createContact(userId, { name: null, tags: ["VIP"], metadata: { city: "Pune" } });
    const drop = await createContact(userId, {
      ...{
        phone: null,
        waUserId: "IN.1",
        name: "Asha",
        tags: ["vip", "new"],
        optedIn: false,
        optedInAt: null,
      },
      ...{ metadata: { city: "Delhi", size: "M" }, lastInboundAt: new Date("2026-05-01") },
    });
    const message = await createMessage(userId, null, drop.id, { direction: "inbound" });

    await identityRepository.merge(userId, keep.id, drop.id);

    expect(await find(userId, keep.id)).toMatchObject({
      ...{ phone: keep.phone, waUserId: "IN.1", name: "Asha", tags: ["VIP", "new"], optedIn: true },
      ...{ metadata: { city: "Pune", size: "M" }, lastInboundAt: new Date("2026-05-01") },
    });
    expect(await db.contact.count({ where: { userId } })).toBe(1);
    expect(await db.message.findFirst({ where: { userId } })).toMatchObject({
      id: message.id,
      contactId: keep.id,
    });
  });

  test.each(["keep", "drop"] as const)("lets the opt-out of %s win, under both numbers", async (out) => {
    const userId = await createUser();
    const pair = { keep: await createContact(userId), drop: await createContact(userId) };
    const phones = [pair.keep.phone ?? "", pair.drop.phone ?? ""];
    const campaign = await createCampaign(userId, { status: "processing" });
    const queued = await createMessage(userId, campaign.id, pair.keep.id);
    await consentRepository.set(userId, pair[out].id, stop);

    await identityRepository.merge(userId, pair.keep.id, pair.drop.id);

    expect(await find(userId, pair.keep.id)).toMatchObject({ optedIn: false, optedOutAt: expect.any(Date) });
    expect(await db.message.findUnique({ where: { userId, id: queued.id } })).toMatchObject({
      status: "skipped",
      notBefore: null,
    });
    const [latest] = await consentRepository.list(userId, pair.keep.id);
    expect(latest).toMatchObject({ action: "opt_out" });
    await contactRepository.remove(userId, pair.keep.id);
    for (const phone of phones)
      expect(await contactRepository.create(userId, { ...asha, phone })).toMatchObject({
        isSuppressed: true,
      });
  });

  test("a resume in WhatsApp's settings does not lift what either entry had written", async () => {
    const userId = await createUser();
    const [keep, drop] = [await createContact(userId), await createContact(userId)];
    await consentRepository.set(userId, drop.id, stop);
    await consentRepository.set(userId, keep.id, { action: "opt_out", source: "whatsapp_settings" });

    await identityRepository.merge(userId, keep.id, drop.id);

    expect(await consentRepository.resume(userId, keep.id, {})).toBe(false);
  });

  test("keeps the numbers of a campaign that both were in, and sends it to the person once", async () => {
    const userId = await createUser();
    const [keep, drop] = [await createContact(userId), await createContact(userId)];
    const counts = { totalRecipients: 2, sentCount: 1 };
    const campaign = await createCampaign(userId, { status: "processing", frozenAt: new Date(), ...counts });
    const sent = { status: "sent", sentAt: new Date() } as const;
    await createMessage(userId, campaign.id, keep.id, sent);
    const second = await createMessage(userId, campaign.id, drop.id);

    await identityRepository.merge(userId, keep.id, drop.id);

    expect(await db.message.count({ where: { userId, campaignId: campaign.id } })).toBe(2);
    expect(await messageRepository.countByStatus(userId, campaign.id)).toMatchObject({ sent: 1, skipped: 1 });
    expect(await db.message.findUnique({ where: { userId, id: second.id } })).toMatchObject({
      contactId: drop.id,
      content: {},
    });
    expect(await find(userId, drop.id)).toMatchObject({ phone: null, deletedAt: expect.any(Date) });
    expect(await contactRepository.countByConsent(userId)).toMatchObject({ total: 1 });
  });

  test.each([
    ["queued", "sending"],
    ["queued", "sent"],
    ["queued", "unknown"],
    ["failed", "delivered"],
    ["skipped", "held"],
  ] as const)("sends nothing %s to whom the second entry's message is %s", async (first, second) => {
    const userId = await createUser();
    const [keep, drop] = [await createContact(userId), await createContact(userId)];
    const running = { status: "processing", startedAt: new Date(), frozenAt: new Date() } as const;
    const campaign = await createCampaign(userId, running);
    const long = new Date("2026-05-01");
    const failed = { failedAt: first === "failed" ? long : null, errorCode: "131026" };
    const unsent = await createMessage(userId, campaign.id, keep.id, { status: first, ...failed });
    const reached = await createMessage(userId, campaign.id, drop.id, { status: second });

    await identityRepository.merge(userId, keep.id, drop.id);
    await campaignRepository.requeueFailed(userId, campaign.id);

    expect(await claimMessages(userId, campaign.id, 10)).toEqual([]);
    expect(await db.message.findUnique({ where: { userId, id: reached.id } })).toMatchObject({
      contactId: keep.id,
      status: second,
      content: reached.content,
    });
    expect(await db.message.findUnique({ where: { userId, id: unsent.id } })).toMatchObject({
      status: "skipped",
      content: {},
    });
    expect(await db.message.count({ where: { userId, contactId: keep.id } })).toBe(1);
    expect(await contactRepository.countByConsent(userId)).toMatchObject({ total: 1 });
  });

  test("refuses one entry twice, and one that is gone", async () => {
    const userId = await createUser();
    const { id } = await createContact(userId);
    const stranger = await createContact(await createUser());

    await expect(identityRepository.merge(userId, id, id)).rejects.toMatchObject({ code: "CONFLICT" });
    for (const pair of [
      [id, stranger.id],
      [stranger.id, id],
    ] as const)
      await expect(identityRepository.merge(userId, ...pair)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("in both directions at once leaves one of the two, and no deadlock", async () => {
    const userId = await createUser();
    const [one, other] = [await createContact(userId), await createContact(userId)];

    const merged = await Promise.allSettled([
      identityRepository.merge(userId, one.id, other.id),
      identityRepository.merge(userId, other.id, one.id),
    ]);

    expect(merged.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await db.contact.count({ where: { userId, deletedAt: null } })).toBe(1);
  });

  test.each(["opt_out", "block"] as const)(
    "of somebody whom a bulk action has still to reach (%s) does not keep the person out of its reach",
    async (kind) => {
      const userId = await createUser();
      const [keep, drop] = [await createContact(userId), await createContact(userId, { tags: ["old"] })];
      const { id } = await bulkActionRepository.create(userId, {
        ...{ kind, tags: [], selection: { ids: [drop.id] } },
      });

      await identityRepository.merge(userId, keep.id, drop.id);
      await bulkActionRepository.proceed(userId, id);

      expect(await find(userId, keep.id)).toMatchObject(
        kind === "block" ? { isBlocked: true } : { optedIn: false, optedOutAt: expect.any(Date) },
      );
      expect(await bulkActionRepository.get(userId, id)).toMatchObject({
        processedCount: 1,
        changedCount: 1,
      });
    },
  );

  test("of somebody whom a bulk action is to delete deletes nobody else", async () => {
    const userId = await createUser();
    const [keep, drop] = [await createContact(userId), await createContact(userId)];
    const { id } = await bulkActionRepository.create(userId, {
      ...{ kind: "delete", tags: [], selection: { ids: [drop.id] } },
    });

    await identityRepository.merge(userId, keep.id, drop.id);
    await bulkActionRepository.proceed(userId, id);

    expect(await find(userId, keep.id)).toMatchObject({ id: keep.id });
  });

  test("twice at once, as a double click does, is done once", async () => {
    const userId = await createUser();
    const [keep, drop] = [await createContact(userId), await createContact(userId)];
    await consentRepository.set(userId, drop.id, stop);

    const merged = await Promise.allSettled(
      Array.from({ length: 5 }, () => identityRepository.merge(userId, keep.id, drop.id, userId)),
    );

    expect(merged.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await consentRepository.list(userId, keep.id)).toMatchObject([
      { action: "opt_out", source: "manual", actor: expect.stringContaining("@") },
      { action: "opt_out", source: "keyword", actor: null },
    ]);
  });

  test("does what was shown before, and keeps every message", async () => {
    const userId = await createUser();
    const keep = await createContact(userId, { name: null, tags: ["VIP"], metadata: { city: "Pune" } });
    const drop = await createContact(userId, {
      ...{ name: "Asha", email: "asha@example.com", waUserId: "IN.1", waId: "1", isBlocked: true },
      ...{
        metadata: { city: "Delhi", size: "M" },
        lastInboundAt: new Date("2026-05-01"),
        blockedReason: "Rude",
      },
    });
    const shared = await createCampaign(userId);
    for (const { id } of [keep, drop]) await createMessage(userId, shared.id, id, { status: "sent" });
    const { id: inbound } = await createMessage(userId, null, drop.id, {
      direction: "inbound",
      status: "delivered",
    });
    await consentRepository.set(userId, keep.id, stop);

    const preview = await identityRepository.previewMerge(userId, keep.id, drop.id);
    await identityRepository.merge(userId, keep.id, drop.id);

    expect(preview).toMatchObject({ messages: 1, sharedCampaigns: 1, keep: { phone: keep.phone } });
    expect(lostIn(preview)).toEqual([drop.phone, "city: Delhi"]);
    expect(await find(userId, keep.id)).toMatchObject(preview.after);
    expect(preview.after).toMatchObject({ optedIn: false, isBlocked: true, name: "Asha", phone: keep.phone });
    expect(await db.message.count({ where: { userId } })).toBe(3);
    expect(await db.message.findFirst({ where: { userId, id: inbound } })).toMatchObject({
      contactId: keep.id,
    });
  });

  test("leaves a conversation unread if either was, and read if both were", async () => {
    const userId = await createUser();
    for (const isSeen of [true, false]) {
      const [keep, drop] = [await createContact(userId), await createContact(userId)];
      for (const [index, { id }] of [drop, keep].entries()) {
        const message = await createMessage(userId, null, id, { direction: "inbound", status: "delivered" });
        if (isSeen || index === 1) await inboxRepository.see(userId, id, message.id);
      }
      const before = await inboxRepository.countUnread(userId);

      await identityRepository.merge(userId, keep.id, drop.id);

      expect(await inboxRepository.countUnread(userId)).toBe(before);
      expect(before).toBe(isSeen ? 0 : 1);
    }
  });

  test("of somebody who has written very much takes no longer than that is worth", async () => {
    const userId = await createUser();
    const keep = await createContact(userId);
    const drop = await createContact(userId);
    await transaction(async (sql) => {
      // What a trigger notes for each of them comes at once here.
      await sql`SET LOCAL session_replication_role = replica`;
      await sql`
        INSERT INTO messages ("userId", "contactId", "direction", "type", "content", "status")
        SELECT ${userId}, ${drop.id}, 'inbound', 'text', '{}', 'delivered' FROM generate_series(1, 15000)`;
      await sql`
        INSERT INTO conversations ("userId", "contactId", "lastInboundId")
        SELECT "userId", "contactId", max("id"::text)::uuid FROM messages WHERE "userId" = ${userId} GROUP BY 1, 2`;
    });
    const before = await db.conversation.findFirstOrThrow({ where: { userId } });

    await identityRepository.merge(userId, keep.id, drop.id);

    const kept = { contactId: keep.id, lastInboundId: before.lastInboundId, lastSeenId: null };
    expect(await db.conversation.findMany({ where: { userId } })).toMatchObject([kept]);
  });

  test("takes along what imports changed", async () => {
    const userId = await createUser();
    const [keep, drop] = [await createContact(userId), await createContact(userId)];
    const files = await Promise.all(
      ["a.csv", "b.csv"].map((fileName) => db.import.create({ data: { userId, fileName } })),
    );
    const [first = "", second = ""] = files.map(({ id }) => id);
    const change = { userId, before: {}, line: 2 };
    await db.importChange.createMany({
      data: [
        { ...change, importId: first, contactId: keep.id },
        { ...change, importId: first, contactId: drop.id },
        { ...change, importId: second, contactId: drop.id },
      ],
    });
    await createMessage(userId, (await createCampaign(userId)).id, drop.id, { status: "sent" });

    await identityRepository.merge(userId, keep.id, drop.id);

    const left = await db.importChange.findMany({ where: { userId }, orderBy: { importId: "asc" } });
    expect(left.map(({ importId, contactId }) => [importId, contactId])).toEqual(
      [first, second].toSorted().map((importId) => [importId, keep.id]),
    );
  });

  test("in the middle of a campaign sends to the person once, and the numbers stay true", async () => {
    const userId = await createUser();
    const [keep, drop] = [await createContact(userId), await createContact(userId)];
    const running = { status: "processing", startedAt: new Date(), frozenAt: new Date() } as const;
    const both = await createCampaign(userId, { ...running, totalRecipients: 2 });
    const one = await createCampaign(userId, { ...running, totalRecipients: 1 });
    for (const { id } of [keep, drop]) await createMessage(userId, both.id, id);
    const lone = await createMessage(userId, one.id, drop.id);
    const [claimed] = await claimMessages(userId, one.id, 10);
    await Promise.all([
      identityRepository.merge(userId, keep.id, drop.id),
      messageRepository.settle(userId, claimed ? [sent(claimed, `wamid.${lone.id}`)] : []),
    ]);
    await messageRepository.rememberWaIds(userId, [
      { id: lone.id, phone: drop.phone ?? "", waId: "19999999999" },
    ]);
    // A person gets no second message within six seconds.
    await db.message.update({ where: { userId, id: lone.id }, data: { sentAt: new Date("2026-05-01") } });

    expect(claimed).toMatchObject({ id: lone.id, phone: drop.phone });
    expect(await claimMessages(userId, both.id, 10)).toMatchObject([{ phone: keep.phone }]);
    for (const { id } of [both, one]) {
      const { before, after } = await counterRepository.recount(userId, id);
      expect(before).toEqual(after);
    }
    expect(await messageRepository.countByStatus(userId, both.id)).toMatchObject({ sending: 1, skipped: 1 });
    expect(await db.message.findFirst({ where: { userId, id: lone.id } })).toMatchObject({
      contactId: keep.id,
    });
    expect(await find(userId, drop.id)).toMatchObject({ waId: null, deletedAt: expect.any(Date) });
  });

  test("while the person writes leaves one entry, and everybody finds it", async () => {
    const userId = await createUser();
    const keep = await createContact(userId, { waUserId: "IN.1" });
    const drop = await createContact(userId, { phone: "+919812345678", waId: "919812345678" });
    const write = (index: number) => {
      const ids = index % 2 ? { waId: null, waUserId: "IN.1" } : { waId: "919812345678" };
      return identityRepository.recordInbound(userId, { ...ids, at: new Date() });
    };
    const writes = Array.from({ length: 10 }, (_, index) => index);

    await Promise.all([
      ...writes.map(write),
      identityRepository.merge(userId, keep.id, drop.id),
      ...writes.map(write),
    ]);

    expect(await db.contact.findMany({ where: { userId, deletedAt: null } })).toMatchObject([
      { id: keep.id },
    ]);
    expect((await write(0)).id).toBe(keep.id);
  });

  test("waits for whoever is busy with the same people, and never the other way round", async () => {
    const userId = await createUser();
    const [keep, drop] = [await createContact(userId), await createContact(userId)];
    const { merging } = await transaction(async (run) => {
      await run`SELECT FROM contacts WHERE "id" = ${drop.id} FOR UPDATE`;
      const started = { merging: identityRepository.merge(userId, keep.id, drop.id) };
      // The merge holds the one by now and waits for the other: a circle, if it did not let go.
      await run`SELECT pg_sleep(0.1)`;
      await run`SELECT FROM contacts WHERE "id" = ${keep.id} FOR UPDATE`;
      return started;
    });

    await merging;

    expect(await db.contact.count({ where: { userId } })).toBe(1);
  });
});

describe("a sender", () => {
  test("with the ids of two entries makes them one, however many messages come at once", async () => {
    const userId = await createUser();
    const known = await createContact(userId, { phone: "+919812345678" });
    const nameless = await identityRepository.recordInbound(userId, {
      ...{ waId: null, waUserId: "IN.1", at: new Date() },
    });
    await consentRepository.set(userId, nameless.id, stop);

    const found = await Promise.all(
      Array.from({ length: 8 }, () =>
        identityRepository.recordInbound(userId, { waId: "919812345678", waUserId: "IN.1", at: new Date() }),
      ),
    );

    expect(new Set(found.map(({ id }) => id))).toEqual(new Set([known.id]));
    expect(await find(userId, known.id)).toMatchObject({ waUserId: "IN.1", optedIn: false });
  });

  test("who has somebody else's old number takes it over, with its opt-out and without its agreement", async () => {
    const userId = await createUser();
    const before = await createContact(userId, { phone: "+919812345678", waUserId: "IN.1" });
    const now = await createContact(userId, { phone: null, waUserId: "IN.2" });
    await consentRepository.set(userId, before.id, stop);

    const { id } = await identityRepository.recordInbound(userId, {
      ...{ waId: "919812345678", waUserId: "IN.2", at: new Date() },
    });

    expect(id).toBe(now.id);
    expect(await find(userId, now.id)).toMatchObject({ phone: "+919812345678", optedIn: false });
    expect(await find(userId, before.id)).toMatchObject({ phone: null, waUserId: "IN.1" });
  });
});

describe("somebody known without a number who shows it", () => {
  const nameless = { waId: null, waUserId: "IN.1", at: new Date() };
  const shown = { ...nameless, waId: "919812345678" };

  test("has it from then on, and their opt-out holds for it", async () => {
    const userId = await createUser();
    const { id } = await identityRepository.recordInbound(userId, nameless);
    await consentRepository.set(userId, id, stop);

    expect(await identityRepository.recordInbound(userId, { ...shown, name: "Asha" })).toMatchObject({ id });

    expect(await find(userId, id)).toMatchObject({
      phone: "+919812345678",
      waId: "919812345678",
      name: "Asha",
    });
    await contactRepository.remove(userId, id);
    expect(await contactRepository.create(userId, asha)).toMatchObject({
      optedIn: false,
      isSuppressed: true,
    });
  });

  test("is out if that number had opted out before", async () => {
    const userId = await createUser();
    const before = await createContact(userId, { phone: "+919812345678" });
    await consentRepository.set(userId, before.id, stop);
    await contactRepository.remove(userId, before.id);
    const agreed = await createContact(userId, { phone: null, waUserId: "IN.1" });

    await identityRepository.recordInbound(userId, shown);

    expect(await find(userId, agreed.id)).toMatchObject({ phone: "+919812345678", optedIn: false });
  });

  test("stays found when what WhatsApp calls a number is none", async () => {
    const userId = await createUser();
    const { id } = await identityRepository.recordInbound(userId, nameless);

    expect(await identityRepository.recordInbound(userId, { ...shown, waId: "0" })).toMatchObject({ id });
  });
});

test("an opt-out holds for WhatsApp's spelling of a number as soon as that is known", async () => {
  const userId = await createUser();
  const { id } = await createContact(userId, { phone: "+5511987654321", waUserId: "BR.1" });
  await consentRepository.set(userId, id, { ...stop, source: "manual" });

  const sender = { waId: "551187654321", waUserId: "BR.1", at: new Date() };
  await identityRepository.recordInbound(userId, sender);

  expect(await find(userId, id)).toMatchObject({ phone: "+5511987654321", waId: "551187654321" });
  const spelled = { ...asha, phone: "+551187654321" };
  expect(await contactRepository.create(userId, spelled)).toMatchObject({ isSuppressed: true });
});

describe("somebody new whose number two entries have, one by WhatsApp's spelling of it", () => {
  test.each([
    ["of people whom WhatsApp knows", "IN.1"],
    ["of whom one is not known to WhatsApp", null],
  ])("%s", async (_, waUserId) => {
    const userId = await createUser();
    const plain = await createContact(userId, { phone: "+919812345678", waUserId });
    const spelled = await createContact(userId, {
      ...{ phone: "+919812345679", waId: "919812345678", waUserId: "IN.2" },
    });
    const sender = { waId: "919812345678", waUserId: "IN.3", at: new Date() };

    const [{ id }, again] = [
      await identityRepository.recordInbound(userId, sender),
      await identityRepository.recordInbound(userId, sender),
    ];

    expect(again.id).toBe(id);
    expect(await find(userId, id)).toMatchObject({ phone: "+919812345678", waUserId: "IN.3" });
    expect(await find(userId, spelled.id)).toMatchObject({ phone: null, waId: null, waUserId: "IN.2" });
    if (waUserId) expect(await find(userId, plain.id)).toMatchObject({ phone: null, waUserId });
    else expect(id).toBe(plain.id);
  });
});

describe("what comes late about a number that somebody else has now", () => {
  const phone = "+919812345678";
  const waId = "919812345678";
  const [before, since] = [new Date("2026-05-01T10:00:00Z"), new Date("2026-05-03T10:00:00Z")];

  test.each([
    ["without an id of WhatsApp", null],
    ["with one", "IN.2"],
  ])("joins nobody with its present owner %s", async (_, waUserId) => {
    const userId = await createUser();
    const earlier = await createContact(userId, { phone: null, waUserId: "IN.1", optedIn: false });
    const owner = await createContact(userId, { phone, waId, waUserId, lastInboundAt: since });
    const kept = await find(userId, owner.id);

    for (const sender of [
      { waId, waUserId: "IN.1", at: null, asOf: before },
      { waId, waUserId: "IN.1", at: before },
    ])
      expect(await identityRepository.recordInbound(userId, sender)).toMatchObject({ id: earlier.id });

    expect(await find(userId, owner.id)).toEqual(kept);
    expect(await find(userId, earlier.id)).toMatchObject({ phone: null, waId: null, waUserId: "IN.1" });
  });

  test("makes an entry of its own where there was none", async () => {
    const userId = await createUser();
    const owner = await createContact(userId, { phone, waId, waUserId: "IN.2", lastInboundAt: since });

    const { id } = await identityRepository.recordInbound(userId, { waId, waUserId: "IN.1", at: before });

    expect(await find(userId, id)).toMatchObject({ phone: null, waUserId: "IN.1", optedIn: false });
    expect(await find(userId, owner.id)).toMatchObject({ phone, waUserId: "IN.2", optedIn: true });
  });

  test("moves nobody to another number", async () => {
    const userId = await createUser();
    const owner = await createContact(userId, { phone, waId, waUserId: "IN.2", lastInboundAt: since });

    const from = { waId, waUserId: "IN.1" };
    await identityRepository.changeIdentity(userId, from, { waId: "12195555358" }, before);

    expect(await find(userId, owner.id)).toMatchObject({ phone, waUserId: "IN.2" });
  });
});

test("somebody new with a known number is not taken for the one who had it", async () => {
  const userId = await createUser();
  const before = await createContact(userId, { phone: "+919812345678", waUserId: "IN.1" });
  const sender = { waId: "919812345678", waUserId: "IN.2", name: "Meera", at: new Date() };

  const found = await Promise.all(
    Array.from({ length: 4 }, () => identityRepository.recordInbound(userId, sender)),
  );

  const [id = ""] = new Set(found.map((each) => each.id));
  expect(new Set(found.map((each) => each.id)).size).toBe(1);
  expect(await find(userId, id)).toMatchObject({ phone: "+919812345678", waUserId: "IN.2", optedIn: false });
  expect(await find(userId, before.id)).toMatchObject({ phone: null, waUserId: "IN.1", optedIn: true });
});

describe("a person with a new number", () => {
  test("keeps the entry and its agreement", async () => {
    const userId = await createUser();
    const { id } = await createContact(userId, { phone: "+16505551234" });

    for (const _ of [1, 2])
      await identityRepository.changeIdentity(userId, { waId: "16505551234" }, { waId: "12195555358" });

    expect(await db.contact.findMany({ where: { userId } })).toMatchObject([
      { id, phone: "+12195555358", waId: "12195555358", optedIn: true },
    ]);
  });

  test("takes the opt-out along, and an entry that had the new number already", async () => {
    const userId = await createUser();
    const old = await createContact(userId, { phone: "+16505551234" });
    await createContact(userId, { phone: "+12195555358" });
    await consentRepository.set(userId, old.id, stop);

    await identityRepository.changeIdentity(userId, { waId: "16505551234" }, { waId: "12195555358" });

    expect(await db.contact.findMany({ where: { userId } })).toMatchObject([
      { id: old.id, phone: "+12195555358", optedIn: false },
    ]);
    await contactRepository.remove(userId, old.id);
    expect(await contactRepository.create(userId, { ...asha, phone: "+12195555358" })).toMatchObject({
      isSuppressed: true,
    });
  });
});
