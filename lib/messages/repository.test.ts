import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { campaignRepository } from "@/lib/campaigns/repository";
import { contactRepository } from "@/lib/contacts/repository";
import { db, sql } from "@/lib/db";
import type { Prisma } from "@/lib/db/generated/client";
import { laneRepository } from "@/lib/lanes/repository";
import { messageRepository, type QueuePosition } from "@/lib/messages/repository";
import { failed, givenBack, held, sent } from "@/lib/messages/settlement";
import type { Receipt, ReceiptState } from "@/lib/messages/status";
import type { UserId } from "@/lib/tenant";
import {
  claimMessages,
  createCampaign,
  createContact,
  createMessage,
  createUser,
} from "@/lib/testing/factories";

const sendingCampaign = async (people: number) => {
  const owner = await createUser();
  const campaign = await createCampaign(owner, {
    status: "processing",
    frozenAt: new Date(),
    totalRecipients: people,
  });
  const contacts = [];
  for (let index = 0; index < people; index++) contacts.push(await createContact(owner));
  const messages = [];
  for (const contact of contacts) messages.push(await createMessage(owner, campaign.id, contact.id));
  return { owner, campaign, contacts, messages };
};

const receipt = (messageId: string, state: ReceiptState, second = 1): Receipt => ({
  messageId,
  attempt: 0,
  whatsappMessageId: `wamid.${messageId}`,
  state,
  at: new Date(1_763_800_000_000 + second * 1000),
  errorCode: state === "failed" ? "131026" : null,
  errorMessage: state === "failed" ? "not reachable" : null,
  category: state === "failed" ? null : "marketing",
  pricingType: state === "failed" ? null : "regular",
});

const permutations = <T>(items: T[]): T[][] =>
  items.length < 2
    ? [items]
    : items.flatMap((item, index) =>
        permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
      );

const reasonOf = async (owner: UserId, campaignId: string) => {
  const { items } = await messageRepository.listRecipients(owner, campaignId, { state: "skipped" });
  return items.map(({ errorMessage }) => errorMessage);
};

describe("claim", () => {
  test("hands each message to exactly one of many callers", async () => {
    const { owner, campaign } = await sendingCampaign(40);
    const lane = randomUUID();
    await laneRepository.acquire(owner, lane);
    const options = { owner: lane, size: 7, after: null, isLimited: false };

    const claims = await Promise.all(
      Array.from({ length: 10 }, () => messageRepository.claim(owner, campaign.id, options)),
    );

    const ids = claims.flatMap(({ claimed }) => claimed.map(({ id }) => id));
    expect(ids).toHaveLength(40);
    expect(new Set(ids).size).toBe(40);
  });

  test("goes on where it ended", async () => {
    const { owner, campaign, messages } = await sendingCampaign(5);
    const lane = randomUUID();
    await laneRepository.acquire(owner, lane);
    const claim = (after: QueuePosition | null) =>
      messageRepository.claim(owner, campaign.id, { owner: lane, size: 3, after, isLimited: false });

    const first = await claim(null);
    await sql`UPDATE messages SET "status" = 'queued', "notBefore" = "createdAt" WHERE "id" = ${messages[0]?.id}`;
    const second = await claim(first.position);

    expect(first.claimed.map(({ id }) => id).toSorted()).toEqual(messages.slice(0, 3).map(({ id }) => id));
    expect(second.claimed.map(({ id }) => id).toSorted()).toEqual(messages.slice(3).map(({ id }) => id));
    expect(await claim(second.position)).toEqual({ claimed: [], position: null });
  });

  test("gives nothing to whoever lost the lane", async () => {
    const { owner, campaign } = await sendingCampaign(1);
    const options = { size: 1, after: null, isLimited: false };
    const first = randomUUID();
    await laneRepository.acquire(owner, first);
    expect(await laneRepository.acquire(owner, randomUUID())).toEqual({ busyMs: expect.any(Number) });
    await sql`UPDATE lanes SET "leaseUntil" = now() - interval '1 second' WHERE "userId" = ${owner}`;

    expect((await messageRepository.claim(owner, campaign.id, { ...options, owner: first })).claimed).toEqual(
      [],
    );
    expect(await laneRepository.renew(owner, first)).toBe(false);
  });

  test.each([
    ["a person who opted out", "Opted out", { optedIn: false }],
    ["a blocked person", "Blocked", { isBlocked: true }],
    ["a deleted person", "Deleted", { deletedAt: new Date(), phone: null }],
    ["a person without a number", "Has no phone number", { phone: null, waUserId: `US.${randomUUID()}` }],
  ])("skips %s, with the reason", async (_, reason, change) => {
    const { owner, campaign, contacts } = await sendingCampaign(2);
    await db.contact.update({ where: { id: contacts[0]?.id ?? "", userId: owner }, data: change });

    const claimed = await claimMessages(owner, campaign.id, 10);

    expect(claimed.map(({ phone }) => phone)).toEqual([contacts[1]?.phone]);
    expect(await reasonOf(owner, campaign.id)).toEqual([expect.stringContaining(reason)]);
  });

  test("claims a text only for people who wrote within 24 hours", async () => {
    const { owner, campaign, contacts } = await sendingCampaign(3);
    await sql`UPDATE campaigns SET "messageType" = 'text' WHERE "id" = ${campaign.id}`;
    await sql`UPDATE contacts SET "lastInboundAt" = now() - interval '23 hours' WHERE "id" = ${contacts[0]?.id}`;
    await sql`UPDATE contacts SET "lastInboundAt" = now() - interval '25 hours' WHERE "id" = ${contacts[1]?.id}`;

    const claimed = await claimMessages(owner, campaign.id, 10);

    expect(claimed.map(({ phone }) => phone)).toEqual([contacts[0]?.phone]);
    expect(await reasonOf(owner, campaign.id)).toEqual([
      expect.stringContaining("24 hours"),
      expect.stringContaining("24 hours"),
    ]);
  });

  test("puts off whoever got another message within six seconds", async () => {
    const { owner, campaign, contacts } = await sendingCampaign(1);
    const other = await createCampaign(owner, { status: "processing", frozenAt: new Date() });
    await createMessage(owner, other.id, contacts[0]?.id ?? "");
    expect(await claimMessages(owner, other.id, 1)).toHaveLength(1);

    expect(await claimMessages(owner, campaign.id, 1)).toEqual([]);

    const dueMs = await messageRepository.findNextDueMs(owner);
    expect(dueMs).toBeGreaterThan(4000);
    expect(dueMs).toBeLessThanOrEqual(6000);
    expect(await messageRepository.countByStatus(owner, campaign.id)).toMatchObject({ queued: 1 });
  });

  test("counts who was messaged without having written, while there is a limit", async () => {
    const { owner, campaign, contacts } = await sendingCampaign(3);
    await sql`UPDATE contacts SET "lastInboundAt" = now() WHERE "id" = ${contacts[0]?.id}`;
    const lane = randomUUID();
    await laneRepository.acquire(owner, lane);
    const claim = (isLimited: boolean, size: number) =>
      messageRepository.claim(owner, campaign.id, { owner: lane, size, after: null, isLimited });

    await claim(false, 1);
    expect(await messageRepository.countInitiated(owner)).toEqual({ people: 0, nextMs: 0 });
    await claim(true, 2);
    await sql`UPDATE messages SET "initiatedAt" = now() - interval '1 hour' WHERE "initiatedAt" IS NOT NULL AND "contactId" = ${contacts[2]?.id}`;

    const { people, nextMs } = await messageRepository.countInitiated(owner);
    expect(people).toBe(2);
    expect(Math.round(nextMs / 3_600_000)).toBe(23);
  });

  test.each<[string, Prisma.CampaignUncheckedUpdateInput]>([
    ["a paused campaign", { status: "paused" }],
    ["an unfrozen campaign", { frozenAt: null }],
    ["a first part that waits to be judged", { canaryUntil: randomUUID(), canarySentAt: new Date() }],
  ])("takes nothing of %s", async (_, change) => {
    const { owner, campaign } = await sendingCampaign(1);
    await db.campaign.update({ where: { id: campaign.id, userId: owner }, data: change });

    expect(await claimMessages(owner, campaign.id, 10)).toEqual([]);
    expect(await messageRepository.findNextDueMs(owner)).toBeNull();
    expect(await messageRepository.findIdleLanesOfAllTenants()).not.toContain(owner);
  });

  test("takes only the first part until that is judged", async () => {
    const { owner, campaign, messages } = await sendingCampaign(3);
    await sql`UPDATE campaigns SET "canaryUntil" = ${messages[1]?.id} WHERE "id" = ${campaign.id}`;

    expect(await claimMessages(owner, campaign.id, 10)).toHaveLength(2);
  });

  test("takes nothing that is not due", async () => {
    const { owner, campaign } = await sendingCampaign(1);
    await sql`UPDATE messages SET "notBefore" = now() + interval '1 hour' WHERE "userId" = ${owner}`;

    expect(await claimMessages(owner, campaign.id, 10)).toEqual([]);
  });
});

describe("record", () => {
  const states: ReceiptState[] = ["sent", "delivered", "read", "failed"];

  test.each(permutations(states))(
    "ends the same in the order %s, %s, %s, %s, one by one and twice",
    async (...order) => {
      const { owner, campaign, messages } = await sendingCampaign(1);
      const id = messages[0]?.id ?? "";

      for (const state of [...order, ...order]) {
        await messageRepository.record(owner, [receipt(id, state, 1 + states.indexOf(state))]);
      }

      expect(await db.message.findUnique({ where: { id, userId: owner } })).toMatchObject({
        status: "read",
        sentAt: new Date(1_763_800_001_000),
        deliveredAt: new Date(1_763_800_002_000),
        readAt: new Date(1_763_800_003_000),
        failedAt: new Date(1_763_800_004_000),
        errorCode: "131026",
        whatsappMessageId: `wamid.${id}`,
      });
      expect(await campaignRepository.get(owner, campaign.id)).toMatchObject({
        sentCount: 1,
        deliveredCount: 1,
        readCount: 1,
        failedCount: 1,
      });
    },
  );

  test.each(permutations(["sent", "delivered", "delivered"]).map((_, index) => index))(
    "keeps the same price in every order of contradicting reports (%i)",
    async (index) => {
      const { owner, messages } = await sendingCampaign(1);
      const id = messages[0]?.id ?? "";
      const prices = [
        { category: "marketing", pricingType: "regular" },
        { category: "utility", pricingType: "free_customer_service" },
        { category: null, pricingType: null },
      ];

      for (const price of permutations(prices)[index] ?? [])
        await messageRepository.record(owner, [{ ...receipt(id, "delivered"), ...price }]);

      expect(await db.message.findUnique({ where: { id, userId: owner } })).toMatchObject({
        category: "marketing",
        pricingType: "regular",
      });
    },
  );

  test("counts a read message as delivered and sent", async () => {
    const { owner, campaign, messages } = await sendingCampaign(1);

    await messageRepository.record(owner, [receipt(messages[0]?.id ?? "", "read")]);

    expect(await campaignRepository.get(owner, campaign.id)).toMatchObject({
      sentCount: 1,
      deliveredCount: 1,
      readCount: 1,
    });
  });

  test("keeps counters equal to rows when many writers repeat and mix the same receipts", async () => {
    const { owner, campaign, messages } = await sendingCampaign(30);
    const receipts = messages.flatMap(({ id }, index) =>
      states.slice(0, 1 + (index % 3)).map((state) => receipt(id, state)),
    );

    await Promise.all(
      Array.from({ length: 6 }, (_, seed) =>
        messageRepository.record(
          owner,
          receipts.toSorted((a, b) => ((a.messageId ?? "") + seed > (b.messageId ?? "") ? 1 : -1)),
        ),
      ),
    );

    expect(await campaignRepository.get(owner, campaign.id)).toMatchObject({
      sentCount: 30,
      deliveredCount: 20,
      readCount: 10,
      failedCount: 0,
    });
  });

  test("finds a message by WhatsApp's id when ours is missing, and tells which receipts had none", async () => {
    const { owner, messages } = await sendingCampaign(1);
    const id = messages[0]?.id ?? "";
    await messageRepository.record(owner, [receipt(id, "sent")]);

    const found = await messageRepository.record(owner, [
      { ...receipt(id, "read"), messageId: null },
      { ...receipt(id, "read"), messageId: null, whatsappMessageId: "wamid.unknown" },
    ]);

    expect(found).toEqual(new Map([[0, id]]));
  });

  test("does nothing to another tenant's message", async () => {
    const [{ owner, messages }, stranger] = await Promise.all([sendingCampaign(1), createUser()]);
    const id = messages[0]?.id ?? "";

    expect((await messageRepository.record(stranger, [receipt(id, "read")])).size).toBe(0);
    expect(await db.message.findUnique({ where: { id, userId: owner } })).toMatchObject({
      status: "queued",
      readAt: null,
    });
  });

  test("takes the specification's call", async () => {
    const { owner, messages } = await sendingCampaign(1);
    const id = messages[0]?.id ?? "";
    await messageRepository.record(owner, [receipt(id, "sent")]);

    expect(await messageRepository.updateStatusByWhatsAppMessageId(`wamid.${id}`, "delivered")).toBe(true);
    expect(await messageRepository.updateStatusByWhatsAppMessageId("wamid.none", "delivered")).toBe(false);

    expect(await db.message.findUnique({ where: { id, userId: owner } })).toMatchObject({
      status: "delivered",
    });
  });
});

describe("the sweep", () => {
  test("calls a message unknown whose claim is older than two minutes, and a late receipt resolves it", async () => {
    const { owner, campaign, messages } = await sendingCampaign(2);
    await claimMessages(owner, campaign.id, 2);
    const [old, fresh] = messages;
    await sql`UPDATE messages SET "claimedAt" = now() - interval '121 seconds' WHERE "id" = ${old?.id}`;

    await messageRepository.abandonStaleOfAllTenants();

    expect(await messageRepository.countByStatus(owner, campaign.id)).toMatchObject({
      unknown: 1,
      sending: 1,
    });
    await messageRepository.record(owner, [
      receipt(old?.id ?? "", "delivered"),
      receipt(fresh?.id ?? "", "sent"),
    ]);
    expect(await messageRepository.countByStatus(owner, campaign.id)).toMatchObject({
      delivered: 1,
      sent: 1,
      unknown: 0,
    });
  });

  test("wakes a lane with due messages, unless it is busy", async () => {
    const { owner } = await sendingCampaign(2);

    expect(await messageRepository.findIdleLanesOfAllTenants()).toContain(owner);
    await laneRepository.acquire(owner, randomUUID());
    expect(await messageRepository.findIdleLanesOfAllTenants()).not.toContain(owner);
  });
});

describe("settle", () => {
  test("keeps what WhatsApp holds back as held until a report says what became of it", async () => {
    const { owner, campaign } = await sendingCampaign(3);
    const [released, dropped, waiting] = await claimMessages(owner, campaign.id, 3);
    if (!released || !dropped || !waiting) throw new Error("nothing was claimed");
    const counts = () => messageRepository.countByStatus(owner, campaign.id);

    await messageRepository.settle(
      owner,
      [released, dropped, waiting].map((message) => held(message, `wamid.${message.id}`)),
    );
    expect(await counts()).toMatchObject({ held: 3, sent: 0 });
    expect(await campaignRepository.get(owner, campaign.id)).toMatchObject({ sentCount: 0 });

    await messageRepository.record(owner, [receipt(released.id, "sent"), receipt(dropped.id, "failed")]);
    expect(await counts()).toMatchObject({ held: 1, sent: 1, failed: 1 });
    expect(await campaignRepository.get(owner, campaign.id)).toMatchObject({ sentCount: 1, failedCount: 1 });

    expect(await messageRepository.countHeldLong(owner, campaign.id)).toBe(0);
    await sql`UPDATE messages SET "heldAt" = now() - interval '25 hours' WHERE "id" = ${waiting.id}`;
    expect(await messageRepository.countHeldLong(owner, campaign.id)).toBe(1);
  });

  test("leaves a message that a report released before the answer came", async () => {
    const { owner, campaign } = await sendingCampaign(1);
    const [message] = await claimMessages(owner, campaign.id, 1);
    if (!message) throw new Error("nothing was claimed");
    await messageRepository.record(owner, [receipt(message.id, "sent")]);

    expect(await messageRepository.settle(owner, [held(message, `wamid.${message.id}`)])).toEqual(new Set());

    expect(await messageRepository.countByStatus(owner, campaign.id)).toMatchObject({ held: 0, sent: 1 });
  });

  test("says nothing about a later claim, nor about what a webhook has moved on", async () => {
    const { owner, campaign } = await sendingCampaign(2);
    const [first, second] = await claimMessages(owner, campaign.id, 2);
    if (!first || !second) throw new Error("nothing was claimed");
    await messageRepository.record(owner, [receipt(second.id, "delivered")]);
    const settlements = [givenBack(first), sent(second, "wamid.x")];
    expect(await messageRepository.settle(owner, settlements)).toEqual(new Set([first.id]));
    expect(await claimMessages(owner, campaign.id, 2)).toMatchObject([{ id: first.id, retryCount: 0 }]);

    // As when the connection was lost after the commit: it is given back once, or it would be posted twice.
    const settled = await messageRepository.settle(owner, settlements);

    expect(settled).toEqual(new Set());
    expect(await messageRepository.countByStatus(owner, campaign.id)).toMatchObject({
      sending: 1,
      delivered: 1,
    });
  });

  test("counts what was accepted and refused, once", async () => {
    const { owner, campaign } = await sendingCampaign(3);
    const claimed = await claimMessages(owner, campaign.id, 3);
    const [one, two, three] = claimed.map((message, index) =>
      index === 2 ? failed(message, 131026, "x") : sent(message, `wamid.${message.id}`),
    );
    if (!one || !two || !three) throw new Error("nothing was claimed");

    await Promise.all([
      messageRepository.settle(owner, [one, two, three]),
      messageRepository.settle(owner, [three, two, one]),
    ]);

    expect(await campaignRepository.get(owner, campaign.id)).toMatchObject({ sentCount: 2, failedCount: 1 });
    expect(await messageRepository.countByStatus(owner, campaign.id)).toMatchObject({ sent: 2, failed: 1 });
  });
});

test("skips what was given back to the queue while its campaign was being canceled", async () => {
  const { owner, campaign } = await sendingCampaign(1);
  const [message] = await claimMessages(owner, campaign.id, 1);
  if (!message) throw new Error("nothing was claimed");
  await campaignRepository.cancel(owner, campaign.id);
  await messageRepository.settle(owner, [givenBack(message)]);

  await messageRepository.skipCanceledOfAllTenants(10);

  expect(await reasonOf(owner, campaign.id)).toEqual(["The campaign was canceled"]);
});

test("learns WhatsApp's number of a person, unless they have another number by now", async () => {
  const { owner, contacts, messages } = await sendingCampaign(2);
  const [kept, renumbered] = contacts;
  await contactRepository.update(owner, renumbered?.id ?? "", { phone: "+919812345678" });

  await messageRepository.rememberWaIds(
    owner,
    messages.map(({ id }, index) => ({
      id,
      phone: contacts[index]?.phone ?? "",
      waId: `55118765432${index}`,
    })),
  );

  expect(await db.contact.findUnique({ where: { userId: owner, id: kept?.id ?? "" } })).toMatchObject({
    waId: "551187654320",
  });
  expect(await db.contact.findUnique({ where: { userId: owner, id: renumbered?.id ?? "" } })).toMatchObject({
    waId: null,
  });
});

test("keeps an inbound message once", async () => {
  const owner = await createUser();
  const { id: contactId } = await createContact(owner);
  const message = {
    contactId,
    whatsappMessageId: `wamid.in.${contactId}`,
    type: "text",
    content: {},
    at: new Date(),
  } as const;

  expect(await messageRepository.createInbound(owner, message)).toBe(true);
  expect(await messageRepository.createInbound(owner, message)).toBe(false);
});
