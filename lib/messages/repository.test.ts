import { describe, expect, test } from "vitest";
import { campaignRepository } from "@/lib/campaigns/repository";
import { db, sql } from "@/lib/db";
import { messageRepository } from "@/lib/messages/repository";
import type { Receipt, ReceiptState } from "@/lib/messages/status";
import { createCampaign, createContact, createMessage, createUser } from "@/lib/testing/factories";

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
  whatsappMessageId: `wamid.${messageId}`,
  state,
  at: new Date(1_763_800_000_000 + second * 1000),
  errorCode: state === "failed" ? "131026" : null,
  errorMessage: state === "failed" ? "not reachable" : null,
});

const permutations = <T>(items: T[]): T[][] =>
  items.length < 2
    ? [items]
    : items.flatMap((item, index) =>
        permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
      );

describe("claim", () => {
  test("hands each message to exactly one of many callers", async () => {
    const { owner, campaign } = await sendingCampaign(40);

    const claims = await Promise.all(
      Array.from({ length: 10 }, () => messageRepository.claim(owner, campaign.id, 7)),
    );

    const ids = claims.flat().map(({ id }) => id);
    expect(ids).toHaveLength(40);
    expect(new Set(ids).size).toBe(40);
  });

  test.each([
    ["a person who opted out", (id: string) => sql`UPDATE contacts SET "optedIn" = false WHERE "id" = ${id}`],
    ["a blocked person", (id: string) => sql`UPDATE contacts SET "isBlocked" = true WHERE "id" = ${id}`],
    [
      "a paused campaign",
      (id: string) =>
        sql`UPDATE campaigns SET "status" = 'paused' WHERE "userId" = (SELECT "userId" FROM contacts WHERE "id" = ${id})`,
    ],
    [
      "an unfrozen campaign",
      (id: string) =>
        sql`UPDATE campaigns SET "frozenAt" = NULL WHERE "userId" = (SELECT "userId" FROM contacts WHERE "id" = ${id})`,
    ],
    [
      "a message that is not due",
      (id: string) =>
        sql`UPDATE messages SET "notBefore" = now() + interval '1 hour' WHERE "contactId" = ${id}`,
    ],
  ])("passes over %s", async (_, change) => {
    const { owner, campaign, contacts } = await sendingCampaign(1);
    await change(contacts[0]?.id ?? "");

    expect(await messageRepository.claim(owner, campaign.id, 10)).toEqual([]);
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

    expect([...found]).toEqual([0]);
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
    await messageRepository.claim(owner, campaign.id, 2);
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
    const { owner, campaign } = await sendingCampaign(2);

    expect(await messageRepository.findIdleLanesOfAllTenants()).toContain(owner);
    await messageRepository.claim(owner, campaign.id, 1);
    expect(await messageRepository.findIdleLanesOfAllTenants()).not.toContain(owner);
  });
});

test("skips whoever may no longer be messaged, with the reason", async () => {
  const { owner, campaign, contacts } = await sendingCampaign(3);
  await sql`UPDATE contacts SET "optedIn" = false WHERE "id" = ${contacts[0]?.id}`;
  await sql`UPDATE contacts SET "isBlocked" = true WHERE "id" = ${contacts[1]?.id}`;

  await messageRepository.skipIneligible(owner, campaign.id);

  const { items } = await messageRepository.listRecipients(owner, campaign.id, { state: "skipped" });
  expect(items.map(({ errorMessage }) => errorMessage)).toEqual([
    "Opted out before the message was sent",
    "Blocked before the message was sent",
  ]);
  expect(await messageRepository.countByStatus(owner, campaign.id)).toMatchObject({ queued: 1 });
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
