import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/db";
import { eventConsoleRepository } from "@/lib/event-console/repository";
import type { EventFilter } from "@/lib/event-console/schema";
import { describeEvent } from "@/lib/event-console/words";
import type { UserId } from "@/lib/tenant";
import { plantEvent, plantEvents } from "@/lib/testing/events";
import { createCampaign, createContact, createMessage, createUser } from "@/lib/testing/factories";
import { NO_MESSAGE } from "@/lib/webhook-events/repository";

let userId: UserId;

beforeEach(async () => {
  userId = await createUser();
});

const found = async (filter: EventFilter, of = userId) =>
  (await eventConsoleRepository.list(of, filter)).items.map(({ id }) => id);

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

describe("pages", () => {
  test("go from the newest to the oldest and back, each event on one of them", async () => {
    const ids = await plantEvents(
      userId,
      Array.from({ length: 120 }, (_, index) => ({ age: (120 - index) / 10 })),
    );
    const newestFirst = ids.toReversed();

    const first = await eventConsoleRepository.list(userId, {});
    const second = await eventConsoleRepository.list(userId, {}, { cursor: first.nextCursor ?? "" });
    const third = await eventConsoleRepository.list(userId, {}, { cursor: second.nextCursor ?? "" });
    const back = await eventConsoleRepository.list(
      userId,
      {},
      { cursor: third.previousCursor ?? "", direction: "previous" },
    );
    const start = await eventConsoleRepository.list(
      userId,
      {},
      { cursor: back.previousCursor ?? "", direction: "previous" },
    );

    expect([first, second, third].flatMap(({ items }) => items.map(({ id }) => id))).toEqual(newestFirst);
    expect([first.previousCursor, third.nextCursor, start.previousCursor]).toEqual([null, null, null]);
    expect(back).toEqual(second);
    expect(start.items).toEqual(first.items);
  });

  test("are not moved by what comes in meanwhile", async () => {
    await plantEvents(userId, Array(60).fill({ age: 1 }));
    const first = await eventConsoleRepository.list(userId, {});
    await plantEvents(userId, Array(10).fill({ age: 0 }));

    const second = await eventConsoleRepository.list(userId, {}, { cursor: first.nextCursor ?? "" });

    expect(second.items).toHaveLength(10);
  });
});

test.each([
  ["composed-account-alert", "increased capabilities eligibility deferred"],
  ["composed-account-review-rejected", "rejected"],
  ["composed-account-username", "rosa_flowers"],
  ["composed-template-status-disabled", "spring_sale: disabled"],
  ["composed-template-quality-red", "spring_sale: red"],
  ["composed-template-category-changed", "spring_sale: marketing"],
  ["composed-user_preferences-stop", "stop"],
])("%s is told as %s", async (sample, words) => {
  const payload = JSON.parse(readFileSync(`lib/testing/fixtures/webhooks/${sample}.json`, "utf8"));
  await plantEvent(userId, { payload });

  const { items } = await eventConsoleRepository.list(userId, {});

  expect(items.map(describeEvent)).toEqual([words]);
});

describe("filters", () => {
  test("tell what became of an event", async () => {
    const processed = await plantEvent(userId);
    const pending = await plantEvent(userId, { processed: false });
    const waiting = await plantEvent(userId, { errorMessage: NO_MESSAGE });
    const failed = await plantEvent(userId, { errorMessage: "This event could not be processed." });

    expect(await found({ result: "processed" })).toEqual([processed]);
    expect(await found({ result: "pending" })).toEqual([pending]);
    expect(await found({ result: "waiting" })).toEqual([waiting]);
    expect(await found({ result: "failed" })).toEqual([failed]);
    expect(await found({})).toEqual([failed, waiting, pending, processed]);
  });

  test("go by kind and by instants, the first included and the last not", async () => {
    const [old, middle, young] = await plantEvents(userId, [
      { age: 3, kind: "message" },
      { age: 2, kind: "message" },
      { age: 1 },
    ]);

    expect(await found({ kind: "message" })).toEqual([middle, old]);
    expect(await found({ from: daysAgo(2.5) })).toEqual([young, middle]);
    expect(await found({ until: daysAgo(1.5) })).toEqual([middle, old]);
    expect(await found({ from: daysAgo(2.5), until: daysAgo(1.5), kind: "message" })).toEqual([middle]);
    expect(await found({ from: daysAgo(0.5) })).toEqual([]);
  });

  test.each([
    ["a number as people write it", { from: "14155552201" }, "+1 (415) 555-2201"],
    ["a message id", { id: "wamid.HBgLMTY1MDU1NTEyMzQ=" }, "wamid.HBgLMTY1MDU1NTEyMzQ="],
    ["a template", { message_template_name: "spring_sale" }, "SPRING_sale"],
    ["quotes and backslashes", { body: 'say "hi" \\ bye' }, '"hi" \\'],
    ["letters of any script", { body: "Grüße, नमस्ते" }, "नमस्ते"],
  ])("find %s", async (_, payload, search) => {
    const id = await plantEvent(userId, { payload });
    await plantEvent(userId, { payload: { from: "14155552202", id: "wamid.X", body: "springXsale say hi" } });

    expect(await found({ search })).toEqual([id]);
  });

  test.each(["%", "_", "\\", "%%", "a%b"])("take %s for what it is", async (search) => {
    await plantEvent(userId, { payload: { body: "a plain text, and a b" } });

    expect(await found({ search })).toEqual([]);
  });

  test("count exactly up to a limit, and one beyond it", async () => {
    await plantEvents(userId, Array(12).fill({}));

    expect(await eventConsoleRepository.count(userId, {}, 12)).toBe(12);
    expect(await eventConsoleRepository.count(userId, {}, 10)).toBe(11);
    expect(await eventConsoleRepository.count(userId, { kind: "message" }, 10)).toBe(0);
  });
});

test("events of nobody and of others are in no list", async () => {
  const other = await createUser();
  const kind = `kind_${crypto.randomUUID().slice(0, 8)}`;
  const [nobodys, others] = [await plantEvent(null, { kind }), await plantEvent(other, { kind })];

  expect(await found({ kind })).toEqual([]);
  expect(await eventConsoleRepository.count(userId, {})).toBe(0);
  for (const id of [nobodys, others]) {
    expect(await eventConsoleRepository.find(userId, id)).toBeNull();
    expect(await eventConsoleRepository.reset(userId, id)).toBe(false);
  }
});

describe("silence", () => {
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

  /** A campaign of which one message was taken by WhatsApp some minutes ago. */
  async function sent(minutes: number, message: { deliveredAt?: Date; failedAt?: Date } = {}) {
    const at = minutesAgo(minutes);
    const { id } = await createCampaign(userId, {
      ...{ status: "completed", sentCount: 1, startedAt: at, runSince: at, completedAt: at },
    });
    await createMessage(userId, id, (await createContact(userId)).id, {
      status: "sent",
      sentAt: at,
      ...message,
    });
    return at;
  }
  const heard = (minutes: number) => plantEvent(userId, { age: minutes / 1440 });
  /** One of a campaign that goes on. */
  async function sentAndGoesOn(minutes: number) {
    await sent(minutes);
    await db.campaign.updateMany({ where: { userId }, data: { status: "processing", completedAt: null } });
  }
  const silence = () => eventConsoleRepository.findSilence(userId);

  test("is when something was sent and nothing at all was reported for minutes", async () => {
    const at = await sent(12);

    expect(await silence()).toEqual(at);
  });

  test("is when the last report is older than what was sent", async () => {
    await heard(60);
    const at = await sent(12);

    expect(await silence()).toEqual(at);
  });

  test.each<[string, () => Promise<unknown>]>([
    ["nothing was sent", async () => undefined],
    ["it was sent just now", () => sent(2)],
    ["something was reported since", () => Promise.all([sent(12), heard(11)])],
    [
      "something was reported since and its campaign goes on",
      () => Promise.all([sentAndGoesOn(12), heard(11)]),
    ],
    ["something else is reported right now", () => Promise.all([sent(12), heard(1)])],
    ["it has arrived", () => sent(12, { deliveredAt: minutesAgo(11) })],
    ["it has failed", () => sent(12, { failedAt: minutesAgo(11) })],
    ["it was so long ago that its events may be deleted", () => sent(8 * 1440)],
  ])("is not when %s", async (_, plant) => {
    await plant();

    expect(await silence()).toBeNull();
  });
});
