import { createHmac, randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { alertRepository } from "@/lib/alerts/repository";
import { campaignRepository } from "@/lib/campaigns/repository";
import { consentRepository } from "@/lib/consent/repository";
import { db, sql, transaction } from "@/lib/db";
import { messageRepository } from "@/lib/messages/repository";
import type { UserId } from "@/lib/tenant";
import { plantEvents } from "@/lib/testing/events";
import { createContact } from "@/lib/testing/factories";
import {
  type Account,
  bodyOf,
  change,
  connectedAccount,
  digits,
  sentMessage,
  sign,
  status,
} from "@/lib/testing/webhooks";
import { userRepository } from "@/lib/users/repository";
import { changesOf, receiptsOf } from "@/lib/webhook-events/payload";
import { NO_MESSAGE, webhookEventRepository } from "@/lib/webhook-events/repository";
import {
  finishProcessing,
  ingestWebhook,
  isVerifyToken,
  processParkedEvents,
  processWebhookEvents,
} from "@/lib/webhook-events/service";

const ingest = (...entry: object[]) => {
  const body = bodyOf(...entry);
  return ingestWebhook(body, sign(account.appSecret, body));
};

const deliver = async (account: Account, ...entry: object[]) => {
  const body = bodyOf(...entry);
  const status = await ingestWebhook(body, sign(account.appSecret, body));
  await finishProcessing();
  return status;
};

const eventsOf = (userId: UserId) => db.webhookEvent.findMany({ where: { userId }, orderBy: { id: "asc" } });

let account: Account;
beforeEach(async () => {
  account = await connectedAccount();
});

describe("a signed call", () => {
  test("is stored, applied and acknowledged", async () => {
    const { message, campaign } = await sentMessage(account);

    expect(await deliver(account, change(account, { statuses: [status(message.id, "read")] }))).toBe(200);

    expect(await messageRepository.countByStatus(account.userId, campaign.id)).toMatchObject({ read: 1 });
    expect(await eventsOf(account.userId)).toMatchObject([
      { eventType: "message_status", processed: true, errorMessage: null },
    ]);
  });

  test("may come twice and out of order", async () => {
    const { message, campaign } = await sentMessage(account);

    for (const state of ["read", "sent", "delivered", "read"]) {
      await deliver(account, change(account, { statuses: [status(message.id, state)] }));
    }

    expect(
      await db.campaign.findUnique({ where: { id: campaign.id, userId: account.userId } }),
    ).toMatchObject({
      sentCount: 1,
      deliveredCount: 1,
      readCount: 1,
    });
  });

  test("waits for its message and is applied when the row appears", async () => {
    const { campaign, message } = await sentMessage(account);
    const late = { ...status(message.id, "delivered"), biz_opaque_callback_data: undefined };
    await deliver(account, change(account, { statuses: [late] }));
    expect(await eventsOf(account.userId)).toMatchObject([
      { processed: false, errorMessage: expect.any(String) },
    ]);

    await sql`UPDATE messages SET "whatsappMessageId" = ${`wamid.${message.id}`} WHERE "id" = ${message.id}`;
    await processParkedEvents();

    expect(await messageRepository.countByStatus(account.userId, campaign.id)).toMatchObject({
      delivered: 1,
    });
    expect(await eventsOf(account.userId)).toMatchObject([{ processed: true, errorMessage: null }]);
  });

  test("of an unknown kind is kept and harmless", async () => {
    expect(
      await deliver(account, change(account, { anything: [1, { deep: true }] }, "a_field_of_2027")),
    ).toBe(200);
    expect(await eventsOf(account.userId)).toMatchObject([{ eventType: "a_field_of_2027", processed: true }]);
  });

  test("of a kind whose name is longer than an index takes is kept as well", async () => {
    const field = Array.from({ length: 400 }, () => randomUUID()).join("_");

    expect(await deliver(account, change(account, {}, field))).toBe(200);

    expect(await eventsOf(account.userId)).toMatchObject([
      { eventType: field.slice(0, 60), processed: true },
    ]);
  });

  test("keeps what JSONB cannot hold", async () => {
    const message = {
      id: `wamid.${randomUUID()}`,
      from: "16505551234",
      type: "text",
      timestamp: "1763800000",
      text: { body: "a\0b\uD800" },
    };

    expect(await deliver(account, change(account, { messages: [message] }))).toBe(200);

    const stored = await db.message.findMany({ where: { userId: account.userId } });
    expect(stored).toMatchObject([{ direction: "inbound", content: { text: { body: "a\uFFFDb\uFFFD" } } }]);
  });

  test("changes nothing of another account", async () => {
    const other = await connectedAccount();
    const { message, campaign } = await sentMessage(other);

    await deliver(account, change(account, { statuses: [status(message.id, "read")] }));
    await deliver(account, change(account, {}), change(other, { statuses: [status(message.id, "read")] }));

    expect(await messageRepository.countByStatus(other.userId, campaign.id)).toMatchObject({
      sending: 1,
      read: 0,
    });
    expect(await eventsOf(other.userId)).toEqual([]);
  });

  test("with a number nobody here has is kept without an account when it comes by an account's path", async () => {
    const stranger = { ...account, phoneNumberId: digits(), wabaId: digits() };
    const body = bodyOf(change(stranger, { statuses: [] }));

    expect(await ingestWebhook(body, sign(account.appSecret, body), account.userId)).toBe(200);
    expect(await eventsOf(account.userId)).toEqual([]);
  });
});

describe("an unsigned or forged call", () => {
  test.each([
    ["no signature", () => null],
    ["an empty signature", () => ""],
    ["the signature of another secret", (body: Buffer) => sign("another", body)],
    ["the signature of another body", () => sign(account.appSecret, Buffer.from("{}"))],
    ["an upper-case signature", (body: Buffer) => sign(account.appSecret, body).toUpperCase()],
    [
      "a SHA-1 signature",
      (body: Buffer) => `sha1=${createHmac("sha1", account.appSecret).update(body).digest("hex")}`,
    ],
  ])("with %s is refused and not stored", async (_, signatureOf) => {
    const { message, campaign } = await sentMessage(account);
    const body = bodyOf(change(account, { statuses: [status(message.id, "read")] }));

    expect(await ingestWebhook(body, signatureOf(body))).toBe(401);

    await processWebhookEvents();
    expect(await messageRepository.countByStatus(account.userId, campaign.id)).toMatchObject({ sending: 1 });
    expect(await eventsOf(account.userId)).toEqual([]);
  });

  test("signed by another account for its path speaks only for itself", async () => {
    const other = await connectedAccount();
    const body = bodyOf(change(account, { statuses: [] }));

    expect(await ingestWebhook(body, sign(other.appSecret, body), account.userId)).toBe(401);
  });

  test.each(["", "not json", "{", "\u0000"])("that is no JSON is refused: %s", async (text) => {
    const body = Buffer.from(text);

    expect(await ingestWebhook(body, sign(account.appSecret, body), account.userId)).toBe(400);
  });

  test("nested beyond reason is refused, not a crash", async () => {
    const body = Buffer.from(`${"[".repeat(200_000)}${"]".repeat(200_000)}`);

    expect(await ingestWebhook(body, sign(account.appSecret, body), account.userId)).toBe(400);
  });
});

describe("an inbound message", () => {
  const inbound = (from: string, text: string) => ({
    contacts: [{ profile: { name: "Sheena" }, wa_id: from }],
    messages: [
      { id: `wamid.${randomUUID()}`, from, type: "text", timestamp: "1763800000", text: { body: text } },
    ],
  });

  test("STOP opts the person out, once, with what was written", async () => {
    const contact = await createContact(account.userId);
    const call = change(account, inbound((contact.phone ?? "").slice(1), "Stop!"));

    await deliver(account, call);
    await deliver(account, call);

    expect(await db.contact.findUnique({ where: { id: contact.id, userId: account.userId } })).toMatchObject({
      optedIn: false,
    });
    expect(await db.consentEvent.findMany({ where: { userId: account.userId } })).toMatchObject([
      { action: "opt_out", source: "keyword", wording: "Stop!" },
    ]);
  });

  test("from somebody unknown makes a contact that has not agreed to anything", async () => {
    await deliver(account, change(account, inbound("16505551234", "Hello?")));

    expect(await db.contact.findMany({ where: { userId: account.userId } })).toMatchObject([
      {
        phone: "+16505551234",
        name: "Sheena",
        optedIn: false,
        optInSource: "webhook",
        lastInboundAt: expect.any(Date),
      },
    ]);
  });
});

test("what one person wrote is applied in its order and holds up nobody else's", async () => {
  const [slow, quick] = [await createContact(account.userId), await createContact(account.userId)];
  const from = ({ phone }: typeof slow, body: string) => ({
    userId: account.userId,
    eventType: "message",
    receipts: null,
    payload: JSON.stringify({
      entry: [
        change(account, {
          messages: [
            {
              id: `wamid.${randomUUID()}`,
              from: phone?.slice(1),
              type: "text",
              timestamp: "1763800000",
              text: { body },
            },
          ],
        }),
      ],
    }),
  });
  const textsOf = async ({ id }: typeof slow) =>
    (
      await sql<{ body: string }>`
        SELECT content -> 'text' ->> 'body' AS body FROM messages WHERE "contactId" = ${id} ORDER BY "id"`
    ).map(({ body }) => body);
  await webhookEventRepository.record([from(slow, "first"), from(slow, "second"), from(quick, "hello")]);

  const processing = await transaction(async (run) => {
    await run`SELECT "id" FROM contacts WHERE "id" = ${slow.id} FOR UPDATE`;
    const running = processWebhookEvents();
    await vi.waitFor(async () => expect(await textsOf(quick)).toEqual(["hello"]));
    expect(await textsOf(slow)).toEqual([]);
    return { running };
  });
  await processing.running;

  expect(await textsOf(slow)).toEqual(["first", "second"]);
});

test("a STOP survives a crash between its steps", async () => {
  const contact = await createContact(account.userId);
  const from = (contact.phone ?? "").slice(1);
  const stop = {
    id: `wamid.${randomUUID()}`,
    from,
    type: "text",
    timestamp: "1763800000",
    text: { body: "STOP" },
  };
  vi.spyOn(consentRepository, "set").mockRejectedValueOnce(new Error("killed"));

  await deliver(account, change(account, { messages: [stop] }));
  await processParkedEvents();

  expect(await db.contact.findUnique({ where: { id: contact.id, userId: account.userId } })).toMatchObject({
    optedIn: false,
  });
  expect(await messageRepository.isStored(account.userId, stop.id)).toBe(true);
});

/** More than an index takes, and not to be compressed. */
const tooLong = Array.from({ length: 100 }, randomUUID).join("");

test.each([
  ["a message", () => ({ messages: [{ id: tooLong, from: "16505551234" }] })],
  [
    "a status",
    (id: string, other: string) => ({ statuses: [{ ...status(id, "read"), id: `wamid.${other}` }] }),
  ],
])("a STOP is heeded though %s in the same call cannot be applied", async (_, badWith) => {
  const [taken, bad] = [await sentMessage(account), await sentMessage(account)];
  await deliver(account, change(account, { statuses: [status(taken.message.id, "sent")] }));
  const contact = await createContact(account.userId);
  const stop = {
    ...{ id: `wamid.${randomUUID()}`, from: contact.phone?.slice(1), type: "text", timestamp: "1763800000" },
    text: { body: "STOP" },
  };
  const { messages = [], ...rest } = badWith(bad.message.id, taken.message.id) as { messages?: object[] };

  await deliver(account, change(account, { ...rest, messages: [...messages, stop] }));

  expect(await db.contact.findUnique({ where: { id: contact.id, userId: account.userId } })).toMatchObject({
    optedIn: false,
  });
  expect((await eventsOf(account.userId)).at(-1)).toMatchObject({
    processed: false,
    errorMessage: "This event could not be processed.",
  });
});

test("what failed is tried again however much waits for messages that never come", async () => {
  const { message } = await sentMessage(account);
  const failed = {
    errorMessage: "This event could not be processed.",
    payload: { entry: [change(account, { statuses: [status(message.id, "sent")] })] },
  };
  await plantEvents(account.userId, Array(600).fill({ errorMessage: NO_MESSAGE }));
  const [id = ""] = await plantEvents(account.userId, [failed]);
  await sql`UPDATE webhook_events SET "processedAt" = now() - interval '1 minute' WHERE "id" = ${id}`;
  await sql`
    UPDATE webhook_events SET "processedAt" = now() - interval '1 hour'
    WHERE "userId" = ${account.userId} AND "id" <> ${id}`;

  await processParkedEvents();

  expect(await db.webhookEvent.findFirst({ where: { id, userId: account.userId } })).toMatchObject({
    processed: true,
  });
});

test("an event that cannot be applied holds up no other", async () => {
  const [taken, bad, good] = [
    await sentMessage(account),
    await sentMessage(account),
    await sentMessage(account),
  ];
  await deliver(account, change(account, { statuses: [status(taken.message.id, "sent")] }));
  const statuses = [
    { ...status(bad.message.id, "read"), id: `wamid.${taken.message.id}` },
    status(good.message.id, "delivered"),
  ];
  await webhookEventRepository.record(
    statuses.map((each) => ({
      userId: account.userId,
      eventType: "message_status",
      payload: JSON.stringify({ entry: [change(account, { statuses: [each] })] }),
      receipts: null,
    })),
  );

  await processWebhookEvents();

  expect(await messageRepository.countByStatus(account.userId, good.campaign.id)).toMatchObject({
    delivered: 1,
  });
  expect(await messageRepository.countByStatus(account.userId, bad.campaign.id)).toMatchObject({
    sending: 1,
  });
  expect((await eventsOf(account.userId)).filter(({ processed }) => !processed)).toMatchObject([
    { errorMessage: "This event could not be processed." },
  ]);
});

test("a call that cannot be applied costs the calls stored along with it nothing", async () => {
  const taken = await sentMessage(account);
  await deliver(account, change(account, { statuses: [status(taken.message.id, "sent")] }));
  const sent = await Promise.all(Array.from({ length: 5 }, () => sentMessage(account)));
  const calls = sent.map(({ message }, index) =>
    status(message.id, "delivered", index === 2 ? { id: `wamid.${taken.message.id}` } : {}),
  );

  const answers = await Promise.all(calls.map((each) => ingest(change(account, { statuses: [each] }))));
  await finishProcessing();

  expect(answers).toEqual([200, 200, 200, 200, 200]);
  const rows = await db.message.findMany({ where: { userId: account.userId }, orderBy: { id: "asc" } });
  expect(rows.filter(({ status }) => status === "delivered")).toHaveLength(4);
  expect((await eventsOf(account.userId)).filter(({ processed }) => !processed)).toMatchObject([
    { errorMessage: "This event could not be processed." },
  ]);
});

test("an acknowledgement waits for nobody's row; the status is applied when the row is free", async () => {
  const { message, campaign } = await sentMessage(account);
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const holding = transaction(async (run) => {
    await run`SELECT "id" FROM messages WHERE "id" = ${message.id} FOR UPDATE`;
    await held;
  });

  expect(await ingest(change(account, { statuses: [status(message.id, "read")] }))).toBe(200);
  letGo();
  await holding;
  await finishProcessing();

  expect(await messageRepository.countByStatus(account.userId, campaign.id)).toMatchObject({ read: 1 });
});

test("a call with more statuses than are applied at once is stored first and applied soon", async () => {
  const { message, campaign } = await sentMessage(account);
  const statuses = Array.from({ length: 21 }, () => status(message.id, "read"));

  expect(await deliver(account, change(account, { statuses }))).toBe(200);

  expect(await messageRepository.countByStatus(account.userId, campaign.id)).toMatchObject({ read: 1 });
  expect(await eventsOf(account.userId)).toMatchObject([{ processed: true, errorMessage: null }]);
});

test("what was stored to be applied from memory is applied by another when its process died", async () => {
  const { message, campaign } = await sentMessage(account);
  const statuses = Array.from({ length: 21 }, () => status(message.id, "read"));
  const document = { entry: [change(account, { statuses })] };
  const receipts = changesOf(document).flatMap(receiptsOf);
  const payload = JSON.stringify(document);

  const event = { userId: account.userId, eventType: "message_status", payload, receipts };
  const { taken, hasMore } = await webhookEventRepository.record([event]);
  const [stored] = await eventsOf(account.userId);
  expect(taken).toEqual([{ id: stored?.id, userId: account.userId, receipts }]);
  expect(hasMore).toBe(false);
  await processWebhookEvents();
  expect(await messageRepository.countByStatus(account.userId, campaign.id)).toMatchObject({ sending: 1 });

  await sql`
    UPDATE webhook_events SET "processedAt" = now() - interval '61 seconds' WHERE "userId" = ${account.userId}`;
  await processWebhookEvents();
  expect(await messageRepository.countByStatus(account.userId, campaign.id)).toMatchObject({ read: 1 });
  expect(await eventsOf(account.userId)).toMatchObject([{ processed: true, messageId: message.id }]);
});

test("an event about one message names it, one about several does not", async () => {
  const [one, other] = [await sentMessage(account), await sentMessage(account)];
  const report = (...statuses: object[]) => deliver(account, change(account, { statuses }));

  await report(status(one.message.id, "sent"), status(one.message.id, "delivered"));
  await report(status(one.message.id, "read"), status(other.message.id, "read"));
  await report(status(other.message.id, "failed", { errors: [{ code: 131042, title: "x" }] }));

  expect((await eventsOf(account.userId)).map(({ messageId }) => messageId)).toEqual([
    one.message.id,
    null,
    other.message.id,
  ]);
});

test("error 131050 opts the person out", async () => {
  const { contact, message } = await sentMessage(account);

  await deliver(
    account,
    change(account, {
      statuses: [status(message.id, "failed", { errors: [{ code: 131050, title: "Stopped" }] })],
    }),
  );

  expect(await db.contact.findUnique({ where: { id: contact.id, userId: account.userId } })).toMatchObject({
    optedIn: false,
  });
  expect(await db.message.findUnique({ where: { id: message.id, userId: account.userId } })).toMatchObject({
    status: "failed",
    errorCode: "131050",
  });
});

describe("a failure that concerns more than its message", () => {
  const fail = (messageId: string, code: number, at = new Date()) =>
    deliver(
      account,
      change(account, {
        statuses: [
          status(messageId, "failed", {
            errors: [{ code, title: "x" }],
            timestamp: String(Math.floor(at.getTime() / 1000)),
          }),
        ],
      }),
    );
  const campaignOf = (id: string) => campaignRepository.get(account.userId, id);

  test.each([
    [131042, "payment", (_: string) => "account:131042"],
    [132015, "paused the template", (id: string) => `campaign:${id}`],
  ])("%d pauses the campaign and tells the owner", async (code, words, keyOf) => {
    const { message, campaign } = await sentMessage(account);
    await sql`UPDATE campaigns SET "status" = 'processing', "frozenAt" = now() WHERE "id" = ${campaign.id}`;

    await fail(message.id, code);
    await fail(message.id, code);

    expect(await campaignOf(campaign.id)).toMatchObject({
      status: "paused",
      pauseReason: expect.stringContaining(words),
    });
    expect(await alertRepository.listOpen(account.userId)).toMatchObject([
      { key: keyOf(campaign.id), count: 1 },
    ]);
  });

  test("says nothing about a campaign that was resumed since", async () => {
    const { message, campaign } = await sentMessage(account);
    await sql`UPDATE campaigns SET "status" = 'processing', "runSince" = now() WHERE "id" = ${campaign.id}`;

    await fail(message.id, 131042, new Date(Date.now() - 60_000));

    expect(await campaignOf(campaign.id)).toMatchObject({ status: "processing" });
  });

  test("is told, and stops nothing, when nobody knows its code", async () => {
    const { message, campaign } = await sentMessage(account);
    await sql`UPDATE campaigns SET "status" = 'processing' WHERE "id" = ${campaign.id}`;

    await fail(message.id, 777_777);

    expect(await campaignOf(campaign.id)).toMatchObject({ status: "processing", failedCount: 1 });
    expect(await alertRepository.listOpen(account.userId)).toMatchObject([{ key: "code:777777" }]);
  });
});

test("a call that cannot be stored is not acknowledged", async () => {
  vi.spyOn(webhookEventRepository, "record").mockRejectedValueOnce(new Error("no database"));

  expect(await deliver(account, change(account, { statuses: [] }))).toBe(503);
});

test("the handshake knows every account's verify token and nothing else", async () => {
  const connection = await userRepository.findConnection(account.userId);

  expect(await isVerifyToken(connection?.webhookVerifyToken ?? "")).toBe(true);
  expect(await isVerifyToken("")).toBe(false);
  expect(await isVerifyToken("guess")).toBe(false);
});
