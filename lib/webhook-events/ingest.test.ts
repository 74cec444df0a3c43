import { beforeEach, describe, expect, test } from "vitest";
import { db, sql } from "@/lib/db";
import { messageRepository } from "@/lib/messages/repository";
import { createContact } from "@/lib/testing/factories";
import {
  type Account,
  bodyOf,
  change,
  connect,
  connectedAccount,
  sentMessage,
  sign,
  status,
} from "@/lib/testing/webhooks";
import { ingestWebhook, isVerifyToken } from "@/lib/webhook-events/service";

/** Through the endpoint's function into the database; what is asserted here is true when the call is answered. */
const call = (secret: string, ...entry: object[]) => {
  const body = bodyOf(...entry);
  return ingestWebhook(body, sign(secret, body));
};

const report = (account: Account, ...statuses: object[]) =>
  call(account.appSecret, change(account, { statuses }));

const rowOf = (account: Account, id: string) =>
  db.message.findUnique({ where: { id, userId: account.userId } });
const countersOf = (account: Account, id: string) =>
  db.campaign.findUnique({
    where: { id, userId: account.userId },
    select: { sentCount: true, deliveredCount: true, readCount: true, failedCount: true },
  });

let account: Account;
beforeEach(async () => {
  account = await connectedAccount();
});

test("a status that comes fifty times at once is stored fifty times and counted once", async () => {
  const { message, campaign } = await sentMessage(account);

  const answers = await Promise.all(
    Array.from({ length: 50 }, () => report(account, status(message.id, "delivered"))),
  );

  expect(new Set(answers)).toEqual(new Set([200]));
  expect(await countersOf(account, campaign.id)).toMatchObject({
    sentCount: 1,
    deliveredCount: 1,
    readCount: 0,
  });
  expect(
    await db.webhookEvent.findMany({
      where: { userId: account.userId },
      distinct: ["processed", "errorMessage"],
    }),
  ).toMatchObject([{ processed: true, errorMessage: null }]);
});

describe("any reports in any order, however often and in whatever calls", () => {
  type Report = { message: number; state: string; second: number; attempt: number };
  const states = ["sent", "delivered", "read", "failed"];

  const seeded = (seed: number) => () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  /** What the reports come to, read off the rules and nothing else. */
  function outcomeOf(reports: Report[], retryCount: number, firstAttempt: number) {
    const counting = reports.filter(
      ({ state, attempt }) =>
        attempt >= (state === "failed" ? retryCount : state === "sent" ? firstAttempt : 0),
    );
    const first = (...of: string[]) => {
      const seconds = counting.filter(({ state }) => of.includes(state)).map(({ second }) => second);
      return seconds.length > 0 ? new Date(Math.min(...seconds) * 1000) : null;
    };
    const instants = {
      sentAt: first("sent", "delivered", "read"),
      deliveredAt: first("delivered", "read"),
      readAt: first("read"),
      failedAt: first("failed"),
    };
    const { sentAt, deliveredAt, readAt, failedAt } = instants;
    const furthest = readAt
      ? "read"
      : deliveredAt
        ? "delivered"
        : failedAt
          ? "failed"
          : sentAt
            ? "sent"
            : "queued";
    return { ...instants, status: furthest };
  }

  test.each(Array.from({ length: 24 }, (_, seed) => seed))(
    "end in the same rows and counters (seed %i)",
    async (seed) => {
      const random = seeded(seed);
      const pick = (below: number) => Math.floor(random() * below);
      const retryCount = pick(3);
      const firstAttempt = pick(retryCount + 1);
      const first = await sentMessage(account, { retryCount, firstAttempt, notBefore: new Date() });
      const others = await Promise.all([1, 2].map(() => createContact(account.userId)));
      const ids = [first.message.id];
      for (const { id: contactId } of others) {
        const { campaign, message } = first;
        const row = { userId: account.userId, campaignId: campaign.id, contactId, retryCount, firstAttempt };
        const created = await db.message.create({
          data: {
            ...row,
            direction: "outbound",
            type: "template",
            content: message.content ?? {},
            notBefore: new Date(),
          },
        });
        ids.push(created.id);
      }
      const distinct = Array.from({ length: 1 + pick(14) }, () => ({
        message: pick(ids.length),
        state: states[pick(states.length)] ?? "sent",
        second: 1_763_800_000 + pick(20),
        attempt: pick(retryCount + 1),
      }));
      const reports = [...distinct, ...distinct.filter(() => random() < 0.5)]
        .map((each) => ({ each, place: random() }))
        .toSorted((one, other) => one.place - other.place)
        .map(({ each }) => each);

      const calls: Promise<number>[] = [];
      const left = [...reports];
      while (left.length > 0) {
        const batch = left.splice(0, 1 + pick(5));
        const answer = report(
          account,
          ...batch.map(({ message, state, second, attempt }) =>
            status(ids[message] ?? "", state, {
              timestamp: String(second),
              biz_opaque_callback_data: attempt === 0 ? ids[message] : `${ids[message]}.${attempt}`,
              ...(state === "failed" && { errors: [{ code: 131026, title: "Undeliverable" }] }),
            }),
          ),
        );
        calls.push(answer);
        if (random() < 0.5) await answer;
      }

      expect(new Set(await Promise.all(calls))).toEqual(new Set([200]));
      const expected = ids.map((_, index) =>
        outcomeOf(
          reports.filter(({ message }) => message === index),
          retryCount,
          firstAttempt,
        ),
      );
      for (const [index, id] of ids.entries())
        expect(await rowOf(account, id)).toMatchObject(expected[index] ?? {});
      expect(await countersOf(account, first.campaign.id)).toEqual({
        sentCount: expected.filter(({ sentAt }) => sentAt).length,
        deliveredCount: expected.filter(({ deliveredAt }) => deliveredAt).length,
        readCount: expected.filter(({ readAt }) => readAt).length,
        failedCount: expected.filter(({ failedAt }) => failedAt).length,
      });
    },
  );
});

describe("of a message that was queued again", () => {
  const requeued = { status: "queued", retryCount: 2, firstAttempt: 1, notBefore: new Date() } as const;

  test.each([
    ["sent", 0, "queued"],
    ["sent", 1, "sent"],
    ["sent", 2, "sent"],
    ["delivered", 0, "delivered"],
    ["read", 0, "read"],
    ["failed", 0, "queued"],
    ["failed", 1, "queued"],
    ["failed", 2, "failed"],
  ])("%s of attempt %i leaves it %s, and is processed", async (state, attempt, expected) => {
    const { message } = await sentMessage(account, requeued);
    const data = attempt === 0 ? message.id : `${message.id}.${attempt}`;

    await report(account, status(message.id, state, { biz_opaque_callback_data: data }));

    expect(await rowOf(account, message.id)).toMatchObject({
      status: expected,
      ...(expected === "queued" && { whatsappMessageId: null, sentAt: null, failedAt: null }),
      ...(expected !== "queued" && { notBefore: null }),
    });
    expect(await db.webhookEvent.findMany({ where: { userId: account.userId } })).toMatchObject([
      { processed: true, errorMessage: null },
    ]);
  });
});

test("finds a message by WhatsApp's id when ours is missing or leads nowhere", async () => {
  const { message } = await sentMessage(account);
  await report(account, status(message.id, "sent"));

  await report(account, status(message.id, "delivered", { biz_opaque_callback_data: "somebody else's" }));
  expect(await rowOf(account, message.id)).toMatchObject({ status: "delivered" });

  const nobody = "01900000-0000-7000-8000-000000000000";
  await report(account, status(message.id, "read", { biz_opaque_callback_data: nobody }));
  expect(await rowOf(account, message.id)).toMatchObject({ status: "read" });
});

test("tells two accounts apart that write to the same person in one call", async () => {
  const other = await connectedAccount();
  const [mine, theirs] = [await sentMessage(account), await sentMessage(other)];
  await sql`UPDATE contacts SET "phone" = ${mine.contact.phone} WHERE "id" = ${theirs.contact.id}`;

  const answers = await Promise.all([
    report(account, status(mine.message.id, "read"), status(theirs.message.id, "read")),
    report(other, status(theirs.message.id, "delivered")),
  ]);

  expect(answers).toEqual([200, 200]);
  expect(await rowOf(account, mine.message.id)).toMatchObject({ status: "read" });
  expect(await rowOf(other, theirs.message.id)).toMatchObject({ status: "delivered", readAt: null });
});

describe("the secret", () => {
  test("that replaced another one holds from the first call, and the old one no more", async () => {
    const old = account.appSecret;
    expect(await call(old, change(account, { statuses: [] }))).toBe(200);

    await connect({ ...account, appSecret: "rotated" });

    expect(await call("rotated", change(account, { statuses: [] }))).toBe(200);
    expect(await call(old, change(account, { statuses: [] }))).toBe(401);
  });

  test("of somebody else that cannot be opened is in nobody's way", async () => {
    const other = await connectedAccount();
    await sql`
      UPDATE users SET "wabaId" = ${account.wabaId}, "appSecret" = 'v1.00000000.a.b.c', "webhookVerifyToken" = 'v1.00000000.a.b.c'
      WHERE "id" = ${other.userId}`;
    const { message } = await sentMessage(account);

    expect(await report(account, status(message.id, "read"))).toBe(200);
    expect(await rowOf(account, message.id)).toMatchObject({ status: "read" });
    expect(await isVerifyToken("guess")).toBe(false);
  });
});

test("a message of another account is not reached by its id", async () => {
  const other = await connectedAccount();
  const { message, campaign } = await sentMessage(other);

  await report(account, status(message.id, "read"));

  expect(await messageRepository.countByStatus(other.userId, campaign.id)).toMatchObject({ sending: 1 });
});
