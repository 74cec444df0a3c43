import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { inngest } from "@/inngest/client";
import { alertRepository } from "@/lib/alerts/repository";
import { audienceRepository } from "@/lib/audiences/repository";
import { brakeRepository } from "@/lib/brakes/repository";
import { campaignRepository } from "@/lib/campaigns/repository";
import {
  cancelCampaign,
  judgeCampaigns,
  launchCampaign,
  progressOf,
  resumeCampaign,
  retryFailed,
  sendUnknown,
  startDueCampaign,
  sweepCampaigns,
} from "@/lib/campaigns/service";
import { contactRepository } from "@/lib/contacts/repository";
import { db, sql, transaction } from "@/lib/db";
import { laneRepository } from "@/lib/lanes/repository";
import { messageRepository } from "@/lib/messages/repository";
import { sweepMessages } from "@/lib/messages/service";
import type { UserId } from "@/lib/tenant";
import {
  createCampaign,
  createContact,
  createMessage,
  createTemplate,
  createUser,
} from "@/lib/testing/factories";
import { somebodyWaits } from "@/lib/testing/waiting";

vi.mock("@/inngest/client", () => ({ inngest: { send: vi.fn() } }));

beforeEach(() => {
  vi.mocked(inngest.send).mockReset().mockResolvedValue({ ids: [] });
});

const REFUSED = { status: "failed", failedAt: "now", errorCode: "131009" } as const;
const FAILED = { status: "failed", sentAt: "now", failedAt: "now", errorCode: "131026" } as const;
const DELIVERED = { status: "delivered", sentAt: "now", deliveredAt: "now" } as const;
const UNKNOWN = { status: "unknown" } as const;
const SENT = { status: "sent", sentAt: "now" } as const;
const QUEUED = { status: "queued" } as const;
type Kind = { status: string; sentAt?: string; deliveredAt?: string; failedAt?: string; errorCode?: string };

/** Messages of a campaign in the order of their ids, one contact each, with their outcome `ago`. */
async function addMessages(userId: UserId, campaignId: string, kinds: [Kind, number][], ago = "15 seconds") {
  for (const [kind, count] of kinds) {
    await sql`
      WITH person AS (
        INSERT INTO contacts ("userId", "phone", "optedIn")
        SELECT ${userId}, '+1' || (2000000000 + floor(random() * 7000000000))::bigint, true
        FROM generate_series(1, ${count}::int) RETURNING "id"
      )
      INSERT INTO messages ("userId", "campaignId", "contactId", "direction", "type", "content", "status", "notBefore",
        "errorCode", "sentAt", "deliveredAt", "failedAt")
      SELECT ${userId}, ${campaignId}, "id", 'outbound', 'template', '{"parameters": []}', ${kind.status}::"MessageStatus",
        CASE WHEN ${kind.status} = 'queued'
          THEN (SELECT "frozenAt" FROM campaigns WHERE "id" = ${campaignId}::uuid) END, ${kind.errorCode ?? null},
        CASE WHEN ${kind.sentAt !== undefined} THEN now() - ${ago}::interval END,
        CASE WHEN ${kind.deliveredAt !== undefined} THEN now() - ${ago}::interval END,
        CASE WHEN ${kind.failedAt !== undefined} THEN now() - ${ago}::interval END
      FROM person`;
  }
  await sql`
    UPDATE campaigns SET "totalRecipients" = rows."total", "sentCount" = rows."sent", "failedCount" = rows."failed",
      "deliveredCount" = rows."delivered"
    FROM (SELECT count(*) AS "total", count("sentAt") AS "sent", count("failedAt") AS "failed",
      count("deliveredAt") AS "delivered" FROM messages WHERE "campaignId" = ${campaignId}) AS rows
    WHERE "id" = ${campaignId}`;
}

async function sending(kinds: [Kind, number][], overrides: Parameters<typeof createCampaign>[1] = {}) {
  const userId = await createUser();
  const since = new Date(Date.now() - 60_000);
  const { id } = await createCampaign(userId, {
    ...{ status: "processing", startedAt: since, runSince: since, frozenAt: since },
    ...overrides,
  });
  await addMessages(userId, id, kinds);
  return { userId, id };
}

const find = (userId: UserId, id: string) => campaignRepository.get(userId, id);

describe("the brake", () => {
  test.each<[string, [Kind, number][], string]>([
    [
      "refusals",
      [
        [SENT, 60],
        [REFUSED, 40],
        [QUEUED, 500],
      ],
      "WhatsApp refused 40 of the last 100 messages: more than the 30% you allow.",
    ],
    [
      "failures after acceptance",
      [
        [DELIVERED, 20],
        [SENT, 40],
        [FAILED, 40],
      ],
      "WhatsApp took 100 messages and then could not deliver 40 of them",
    ],
  ])("pauses a campaign for %s, once, with one alert that names the numbers", async (_, kinds, reason) => {
    const { userId, id } = await sending(kinds);

    const answers = await Promise.all(Array.from({ length: 8 }, () => judgeCampaigns(userId)));

    expect(answers.flat()).toEqual([id]);
    expect(await find(userId, id)).toMatchObject({
      status: "paused",
      pauseReason: expect.stringContaining(reason),
    });
    expect(await alertRepository.listOpen(userId)).toMatchObject([
      { key: `campaign:${id}`, message: expect.stringContaining(reason), count: 1 },
    ]);
  });

  test.each<[string, [Kind, number][]]>([
    [
      "at the limit",
      [
        [REFUSED, 30],
        [SENT, 70],
        [QUEUED, 10],
      ],
    ],
    [
      "while fewer than twenty are known",
      [
        [REFUSED, 19],
        [QUEUED, 100],
      ],
    ],
    [
      "for refusals that are long past",
      [
        [REFUSED, 90],
        [SENT, 110],
        [QUEUED, 10],
      ],
    ],
    [
      "whose failures are known sooner than its deliveries",
      [
        [DELIVERED, 25],
        [SENT, 200],
        [FAILED, 14],
        [QUEUED, 730],
      ],
    ],
  ])("leaves a campaign alone %s", async (_, kinds) => {
    const { userId, id } = await sending(kinds);

    expect(await judgeCampaigns(userId)).toEqual([]);

    expect(await find(userId, id)).toMatchObject({ status: "processing" });
  });

  test("waits until a failure would be known before it counts what WhatsApp took", async () => {
    const { userId, id } = await sending([]);
    await addMessages(userId, id, [[FAILED, 50]], "9 seconds");
    expect(await judgeCampaigns(userId)).toEqual([]);

    await sql`UPDATE messages SET "sentAt" = now() - interval '10 seconds' WHERE "campaignId" = ${id}`;

    expect(await judgeCampaigns(userId)).toEqual([id]);
  });

  test("sees failures that are known only after a minute", async () => {
    const { userId, id } = await sending([]);
    await sql`UPDATE campaigns SET "runSince" = now() - interval '5 minutes' WHERE "id" = ${id}`;
    await addMessages(userId, id, [[FAILED, 50]], "61 seconds");
    await addMessages(userId, id, [[SENT, 100]], "20 seconds");

    expect(await judgeCampaigns(userId)).toEqual([id]);
  });

  test("follows the account's own limit", async () => {
    const { userId } = await sending([
      [FAILED, 11],
      [DELIVERED, 89],
    ]);
    expect(await judgeCampaigns(userId)).toEqual([]);

    await sql`UPDATE users SET "brakePercent" = 10 WHERE "id" = ${userId}`;

    expect(await judgeCampaigns(userId)).toHaveLength(1);
  });

  test("judges a resumed campaign by what happens after that, and its alert is over", async () => {
    const { userId, id } = await sending([
      [REFUSED, 50],
      [QUEUED, 100],
    ]);
    await judgeCampaigns(userId);

    await resumeCampaign(userId, id);
    expect(await alertRepository.listOpen(userId)).toEqual([]);
    expect(await judgeCampaigns(userId)).toEqual([]);
    await addMessages(userId, id, [[REFUSED, 50]], "0 seconds");
    await sql`DELETE FROM messages WHERE "campaignId" = ${id} AND "status" = 'queued'`;

    expect(await judgeCampaigns(userId)).toEqual([id]);
  });

  test("that was slower than the owner's click does not take it back", async () => {
    const { userId, id } = await sending([[REFUSED, 50]]);
    const { runSince } = await db.campaign.findUniqueOrThrow({ where: { userId, id } });
    await campaignRepository.pause(userId, id, "You paused it.");
    await campaignRepository.move(userId, id, "processing");

    expect(await brakeRepository.stopRun(userId, id, runSince, "x")).toBe(false);
  });

  test.each(["paused", "disabled"] as const)("pauses a campaign whose template is %s", async (status) => {
    const { userId, id } = await sending([[QUEUED, 1]]);
    await sql`UPDATE templates SET "status" = ${status}::"TemplateStatus" WHERE "userId" = ${userId}`;

    expect(await judgeCampaigns(userId)).toEqual([id]);
    expect((await find(userId, id)).pauseReason).toContain(`WhatsApp has ${status} the template`);
  });

  test("pauses for a number rated red, and again only when it is rated so anew", async () => {
    const { userId, id } = await sending([[QUEUED, 1]]);
    const red = () => laneRepository.remember(userId, { messagingLimit: null, qualityRating: "RED" });
    await red();
    expect(await judgeCampaigns(userId)).toEqual([id]);

    await resumeCampaign(userId, id);
    expect(await judgeCampaigns(userId)).toEqual([]);
    await red();

    expect(await judgeCampaigns(userId)).toEqual([id]);
  });

  test.each([
    ["keyword", 10, 1],
    ["whatsapp_settings", 10, 1],
    ["keyword", 9, 0],
    ["csv", 40, 0],
  ] as const)("asked when by %s %i of 150 opted out stops %i", async (source, count, stopped) => {
    const { userId, id } = await sending([[DELIVERED, 150]]);
    await sql`
      INSERT INTO consent_events ("userId", "contactId", "action", "source")
      SELECT ${userId}, "contactId", 'opt_out', ${source}::"ConsentSource" FROM messages
      WHERE "campaignId" = ${id} ORDER BY "id" LIMIT ${count}`;

    expect(await judgeCampaigns(userId)).toHaveLength(stopped);
  });

  test("asks one statement while all is well, backed by indexes", async () => {
    const { userId } = await sending([
      [DELIVERED, 300],
      [REFUSED, 1],
      [QUEUED, 300],
    ]);
    const asked = vi.spyOn((await import("@/lib/db/pool")).pool, "query");

    await judgeCampaigns(userId);

    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockRestore();
  });
});

describe("the first part of a campaign", () => {
  async function launched(people: number, canaryPercent = 10) {
    const userId = await createUser();
    await sql`
      INSERT INTO contacts ("userId", "phone", "optedIn")
      SELECT ${userId}, '+1' || (2000000000 + floor(random() * 7000000000))::bigint, true
      FROM generate_series(1, ${people}::int)`;
    const { id } = await createCampaign(userId, { audience: { tags: [] }, canaryPercent });
    await campaignRepository.start(userId, id, { onlyIfDue: false });
    await audienceRepository.freeze(userId, id);
    return { userId, id };
  }

  /** What is in the first part, in the state that an outcome leaves. */
  const settleFirst = (id: string, kind: Kind, count = 1000) => sql`
    UPDATE messages SET "status" = ${kind.status}::"MessageStatus", "notBefore" = NULL,
      "sentAt" = CASE WHEN ${kind.sentAt !== undefined} THEN now() END,
      "deliveredAt" = CASE WHEN ${kind.deliveredAt !== undefined} THEN now() END,
      "failedAt" = CASE WHEN ${kind.failedAt !== undefined} THEN now() END
    WHERE "id" IN (
      SELECT message."id" FROM messages message JOIN campaigns ON campaigns."id" = message."campaignId"
      WHERE message."campaignId" = ${id} AND message."id" <= campaigns."canaryUntil" AND message."status" = 'queued'
      ORDER BY message."id" LIMIT ${count})`;
  const letTimePass = (id: string) => sql`
    UPDATE campaigns SET "canarySentAt" = "canarySentAt" - interval '30 minutes' WHERE "id" = ${id}`;
  const sizeOf = async (id: string) => {
    const [row] = await sql<{ size: number }>`
      SELECT count(*)::int AS size FROM messages JOIN campaigns ON campaigns."id" = messages."campaignId"
      WHERE campaigns."id" = ${id} AND messages."id" <= campaigns."canaryUntil"`;
    return row?.size ?? 0;
  };

  test.each([
    [39, 50, 0],
    [40, 1, 20],
    [250, 10, 25],
    [101, 50, 51],
  ])("of %i people at %i%% is %i", async (people, percent, size) => {
    const { id } = await launched(people, percent);

    expect(await sizeOf(id)).toBe(size);
  });

  test("is sent when nothing of it is queued, put off or on its way", async () => {
    const { userId, id } = await launched(100, 20);
    const sentAt = async () => (await find(userId, id)).canarySentAt;
    await settleFirst(id, SENT, 18);
    await settleFirst(id, { status: "sending" }, 0);

    await judgeCampaigns(userId);
    expect(await sentAt()).toBeNull();
    await sql`
      UPDATE messages SET "notBefore" = now() + interval '1 minute' WHERE "id" IN (
        SELECT "id" FROM messages WHERE "campaignId" = ${id} AND "status" = 'queued' ORDER BY "id" LIMIT 2)`;
    await judgeCampaigns(userId);
    expect(await sentAt()).toBeNull();
    await sql`
      UPDATE messages SET "status" = 'sending', "claimedAt" = now(), "notBefore" = NULL
      WHERE "campaignId" = ${id} AND "notBefore" > now()`;
    await judgeCampaigns(userId);
    expect(await sentAt()).toBeNull();
    await sql`
      UPDATE messages SET "status" = 'unknown', "claimedAt" = NULL WHERE "campaignId" = ${id} AND "status" = 'sending'`;
    await judgeCampaigns(userId);
    expect(await sentAt()).not.toBeNull();
  });

  test("lets the others follow after the wait when all is well, told once", async () => {
    const { userId, id } = await launched(100);
    await settleFirst(id, DELIVERED);
    await judgeCampaigns(userId);
    await judgeCampaigns(userId);
    expect((await find(userId, id)).canaryUntil).not.toBeNull();
    await campaignRepository.finishAll(userId);

    await letTimePass(id);
    await Promise.all(Array.from({ length: 8 }, () => judgeCampaigns(userId)));

    expect(await find(userId, id)).toMatchObject({ status: "processing", canaryUntil: null });
    expect(inngest.send).toHaveBeenCalledTimes(1);
  });

  test.each([
    ["failed", FAILED, 8, "Of the first 20 people, 8 did not get it"],
    ["is not heard of", SENT, 20, "only 0 are known to have got it"],
    ["got no answer", UNKNOWN, 20, "Of the first 20 people, only 0 are known to have got it"],
  ] as const)(
    "keeps the others waiting when too much of it %s, until resumed",
    async (_, kind, count, reason) => {
      const { userId, id } = await launched(100);
      await sql`UPDATE users SET "brakePercent" = 39 WHERE "id" = ${userId}`;
      await settleFirst(id, kind, count);
      await settleFirst(id, SENT);
      await sql`
      UPDATE messages SET "deliveredAt" = now(), "status" = 'delivered'
      WHERE "campaignId" = ${id} AND "status" = 'sent' AND ${count < 20}`;
      await judgeCampaigns(userId);
      await letTimePass(id);

      expect(await judgeCampaigns(userId)).toEqual([id]);

      expect(await find(userId, id)).toMatchObject({
        status: "paused",
        pauseReason: expect.stringContaining(reason),
      });
      await resumeCampaign(userId, id);
      await judgeCampaigns(userId);
      expect(await find(userId, id)).toMatchObject({ status: "processing", canaryUntil: null });
    },
  );

  test("of whom all were left out says nothing against the others", async () => {
    const { userId, id } = await launched(100);
    await settleFirst(id, { status: "skipped" });
    await judgeCampaigns(userId);
    await letTimePass(id);

    expect(await judgeCampaigns(userId)).toEqual([]);

    expect(await find(userId, id)).toMatchObject({ status: "processing", canaryUntil: null });
  });

  test("is judged by all that became of it, also when it was paused and resumed while the others waited", async () => {
    const { userId, id } = await launched(100);
    await settleFirst(id, FAILED);
    await judgeCampaigns(userId);
    await campaignRepository.pause(userId, id, "You paused it.");
    await resumeCampaign(userId, id);
    await letTimePass(id);

    expect(await judgeCampaigns(userId)).toEqual([id]);

    expect(await find(userId, id)).toMatchObject({
      status: "paused",
      pauseReason: expect.stringContaining("Of the first 20 people, 20 did not get it"),
    });
  });

  test("is followed by the others although nobody sends: the sweep judges too", async () => {
    const { userId, id } = await launched(100);
    await settleFirst(id, DELIVERED);
    await sweepCampaigns();
    await letTimePass(id);

    await sweepCampaigns();

    expect(await find(userId, id)).toMatchObject({ canaryUntil: null });
  });
});

describe("a missed hour", () => {
  async function due(minutesAgo: number, rule: Parameters<typeof campaignRepository.schedule>[3]) {
    const userId = await createUser();
    const { id } = await createCampaign(userId);
    await campaignRepository.schedule(userId, id, "2999-01-01T00:00:00Z", rule);
    await sql`
      UPDATE campaigns SET "scheduledAt" = now() - ${minutesAgo} * interval '1 minute' WHERE "id" = ${id}`;
    return { userId, id };
  }

  test.each([
    [4, { missedSchedule: "hold", missedHours: null }, "processing"],
    [6, { missedSchedule: "hold", missedHours: null }, "paused"],
    [6, { missedSchedule: "send", missedHours: null }, "processing"],
    [600, { missedSchedule: "send", missedHours: null }, "processing"],
    [119, { missedSchedule: "send_within", missedHours: 2 }, "processing"],
    [121, { missedSchedule: "send_within", missedHours: 2 }, "paused"],
  ] as const)("by %i minutes under the rule %j leaves a campaign %s", async (minutes, rule, status) => {
    const { userId, id } = await due(minutes, rule);

    const started = await Promise.all(Array.from({ length: 5 }, () => startDueCampaign(userId, id)));

    expect(started).toEqual(Array(5).fill(status === "processing"));
    expect(await find(userId, id)).toMatchObject({ status });
    expect(await alertRepository.listOpen(userId)).toHaveLength(status === "paused" ? 1 : 0);
  });

  test("freezes and sends nothing while it waits for the owner, also not by the sweep", async () => {
    const { userId, id } = await due(121, { missedSchedule: "send_within", missedHours: 2 });

    await sweepCampaigns();
    await sweepCampaigns();

    expect(await find(userId, id)).toMatchObject({
      ...{ status: "paused", startedAt: null, frozenAt: null },
      pauseReason: "It could not start within 2 hours of its time, and you wanted it no later.",
    });
  });
});

describe("a template that may not be sent when its campaign is due", () => {
  async function due(template: Parameters<typeof createTemplate>[1]) {
    const userId = await createUser({ accessToken: "kept elsewhere" });
    await createContact(userId);
    const { id: templateId } = await createTemplate(userId, { name: "spring_sale" });
    const { id } = await createCampaign(userId, { templateId });
    await campaignRepository.schedule(userId, id, "2999-01-01T00:00:00Z");
    await sql`UPDATE campaigns SET "scheduledAt" = now() - interval '1 second' WHERE "id" = ${id}`;
    await db.template.update({ where: { userId, id: templateId }, data: template ?? {} });
    return { userId, id, templateId };
  }

  test.each([
    ["paused", "Meta paused it.", "paused by WhatsApp. Meta paused it."],
    ["pending", null, "still being checked by WhatsApp."],
  ] as const)(
    "%s lets it wait, told once, and go on by one click once it is approved",
    async (status, why, words) => {
      const { userId, id, templateId } = await due({ status, rejectionReason: why });

      const started = await Promise.all(Array.from({ length: 5 }, () => startDueCampaign(userId, id)));
      await sweepCampaigns();

      const pauseReason = `When the campaign was due, the template spring_sale was ${words}`;
      expect(started).toEqual(Array(5).fill(false));
      expect(await find(userId, id)).toMatchObject({ status: "paused", startedAt: null, pauseReason });
      expect(await alertRepository.listOpen(userId)).toMatchObject([
        { key: `campaign:${id}`, message: `A campaign was not sent. ${pauseReason}`, count: 1 },
      ]);
      await expect(launchCampaign(userId, id)).rejects.toMatchObject({ code: "INVALID" });

      await db.template.update({ where: { userId, id: templateId }, data: { status: "approved" } });
      await launchCampaign(userId, id);

      expect(await find(userId, id)).toMatchObject({ status: "processing", pauseReason: null });
      expect(await alertRepository.listOpen(userId)).toEqual([]);
    },
  );

  test.each([
    ["rejected", "It is spam.", "rejected by WhatsApp. It is spam."],
    ["disabled", "It was deleted at WhatsApp.", "disabled by WhatsApp. It was deleted at WhatsApp."],
    ["draft", null, "not submitted to WhatsApp."],
  ] as const)("%s ends it with the reason", async (status, why, words) => {
    const { userId, id } = await due({ status, rejectionReason: why });

    expect(await startDueCampaign(userId, id)).toBe(false);

    expect(await find(userId, id)).toMatchObject({
      ...{ status: "failed", pauseReason: null },
      errorMessage: `When the campaign was due, the template spring_sale was ${words}`,
    });
    expect(await alertRepository.listOpen(userId)).toEqual([]);
  });

  test("deleted ends it, too", async () => {
    const { userId, id, templateId } = await due({});
    await db.campaign.updateMany({ where: { userId, id }, data: { templateId: null } });
    await db.template.delete({ where: { userId, id: templateId } });

    expect(await startDueCampaign(userId, id)).toBe(false);

    expect(await find(userId, id)).toMatchObject({
      ...{ status: "failed", errorMessage: "When the campaign was due, its template was deleted." },
    });
  });
});

describe("people whom WhatsApp held back", () => {
  async function heldBack(
    hoursAgo: number,
    times: number,
    overrides: Parameters<typeof createCampaign>[1] = {},
  ) {
    const userId = await createUser();
    const { id } = await createCampaign(userId, {
      ...{ status: "completed", startedAt: new Date(), frozenAt: new Date(), completedAt: new Date() },
      ...{ failedCount: 1, sentCount: 1, ...overrides },
    });
    const at = new Date(Date.now() - hoursAgo * 3_600_000);
    const { id: contactId } = await createContact(userId);
    await createMessage(userId, id, contactId, {
      ...{ status: "failed", errorCode: "131049", sentAt: at, failedAt: at },
      ...(times > 0 && { metadata: { heldBack: times } }),
    });
    return { userId, id };
  }
  const eleven = () => new Date(Date.now() - 11 * 86_400_000);

  test.each([
    [25, 0, {}, 1],
    [23, 0, {}, 0],
    [49, 1, {}, 1],
    [47, 1, {}, 0],
    [97, 2, {}, 1],
    [95, 2, {}, 0],
    [1000, 3, {}, 0],
    [25, 0, { retriesHeldBack: false }, 0],
    [25, 0, { completedAt: eleven() }, 0],
    [25, 0, { status: "canceled" as const }, 0],
  ])("%i hours ago after %i tries, in %j, queued again: %i", async (hours, times, overrides, count) => {
    const { userId, id } = await heldBack(hours, times, overrides);

    await sweepCampaigns();

    expect(await messageRepository.countByStatus(userId, id)).toMatchObject({ queued: count });
    if (count === 1) {
      expect(await find(userId, id)).toMatchObject({ status: "processing", failedCount: 0, sentCount: 0 });
      expect(await db.message.findMany({ where: { userId } })).toMatchObject([
        { retryCount: 1, firstAttempt: 1, metadata: { heldBack: times + 1 } },
      ]);
    }
  });
});

describe("a list of people that is being fixed", () => {
  /** What is done while it goes on, and its result. */
  async function whileFreezing(act: (userId: UserId, id: string) => Promise<boolean>, { people = 1 } = {}) {
    const userId = await createUser();
    const person = await createContact(userId);
    for (let others = people - 1; others > 0; others -= 1) await createContact(userId);
    const { id } = await createCampaign(userId, { audience: { tags: [] } });
    await campaignRepository.start(userId, id, { onlyIfDue: false });
    let frozen: Promise<number | null> | undefined;
    await transaction(async (sql) => {
      // Whoever is being changed is waited for.
      await sql`SELECT FROM contacts WHERE "userId" = ${userId} AND "id" = ${person.id} FOR UPDATE`;
      frozen = audienceRepository.freeze(userId, id);
      await somebodyWaits(sql);
      expect(await act(userId, id)).toBe(true);
    });
    return { userId, id, frozen: await frozen };
  }

  test("is in nobody's way who pauses: the campaign stands still when it is done", async () => {
    const { userId, id, frozen } = await whileFreezing((userId, id) =>
      campaignRepository.pause(userId, id, "You paused it."),
    );

    expect(frozen).toBe(1);
    expect(await find(userId, id)).toMatchObject({ status: "paused", totalRecipients: 1 });
    expect(await messageRepository.countByStatus(userId, id)).toMatchObject({ queued: 1 });
    await resumeCampaign(userId, id);
    expect(await messageRepository.findIdleLanesOfAllTenants()).toContain(userId);
  });

  test("leaves out whoever is deleted meanwhile, instead of beginning again", async () => {
    let left: string | undefined;

    const { userId, id, frozen } = await whileFreezing(
      async (userId) => {
        const [, second] = await db.contact.findMany({ where: { userId }, orderBy: { id: "asc" } });
        await contactRepository.remove(userId, second?.id ?? "");
        left = second?.id;
        return true;
      },
      { people: 2 },
    );

    expect(frozen).toBe(1);
    expect(left).toBeDefined();
    expect(await messageRepository.countByStatus(userId, id)).toMatchObject({ queued: 1 });
  });

  test("is in nobody's way who cancels: nobody is on it any more", async () => {
    const { userId, id, frozen } = await whileFreezing(campaignRepository.cancel);

    expect(frozen).toBeNull();
    expect(await find(userId, id)).toMatchObject({ status: "canceled", frozenAt: null });
    expect(await messageRepository.countByStatus(userId, id)).toMatchObject({ queued: 0 });
  });
});

describe("a file that WhatsApp would refuse by now", () => {
  const days = (count: number) => new Date(Date.now() - count * 86_400_000).toISOString();
  async function withFile(media: object, overrides: Parameters<typeof createCampaign>[1] = {}) {
    const userId = await createUser({ wabaId: "1", phoneNumberId: randomUUID(), accessToken: "secret" });
    const { phoneNumberId } = await db.user.findUniqueOrThrow({ where: { id: userId } });
    const file = {
      mediaId: "1",
      kind: "image",
      fileName: "a.png",
      phoneNumberId,
      uploadedAt: days(1),
      ...media,
    };
    const { id } = await createCampaign(userId, {
      ...{ status: "paused", startedAt: new Date(), frozenAt: new Date(), scheduledAt: new Date(days(28)) },
      ...{ messageContent: { parameters: [], media: file }, ...overrides },
    });
    return { userId, id };
  }

  test.each([
    ["of another number", { phoneNumberId: "another" }, "uploaded for another phone number"],
    ["of last month", { uploadedAt: days(30) }, "keeps a file for 30 days"],
  ])("%s keeps a campaign from going on, in any way", async (_, media, reason) => {
    const { userId, id } = await withFile(media);
    const done = await withFile(media, { status: "completed" });
    for (const status of ["unknown", "failed"] as const) {
      const { id: contactId } = await createContact(done.userId);
      const failedAt = status === "failed" ? new Date() : null;
      await createMessage(done.userId, done.id, contactId, { status, failedAt, errorCode: null });
    }

    for (const act of [
      () => resumeCampaign(userId, id),
      () => sendUnknown(done.userId, done.id),
      () => retryFailed(done.userId, done.id),
    ])
      await expect(act()).rejects.toMatchObject({
        code: "INVALID",
        message: expect.stringContaining(reason),
      });

    expect(await find(userId, id)).toMatchObject({ status: "paused" });
    expect(await find(done.userId, done.id)).toMatchObject({ status: "completed" });
  });

  test("is not one that is still there", async () => {
    const { userId, id } = await withFile({});

    await resumeCampaign(userId, id);

    expect(await find(userId, id)).toMatchObject({ status: "processing" });
  });
});

test("the sweep does not let one account's trouble keep another's campaign from starting", async () => {
  const campaigns = [];
  for (const _ of [1, 2]) {
    const userId = await createUser();
    const scheduledAt = new Date(Date.now() - 1000);
    const { id } = await createCampaign(userId, { status: "scheduled", scheduledAt });
    campaigns.push({ userId, id });
  }
  vi.spyOn(campaignRepository, "start").mockRejectedValueOnce(
    new Error("canceling statement due to timeout"),
  );

  await sweepCampaigns();

  const statuses = await Promise.all(
    campaigns.map(async ({ userId, id }) => (await find(userId, id)).status),
  );
  expect(statuses.toSorted()).toEqual(["processing", "scheduled"]);
});

test.each([
  ["template", { people: 1, until: expect.any(Date) }],
  ["text", null],
] as const)(
  "of a %s it is said that it waits for a messaging limit only if it does",
  async (messageType, limit) => {
    const { userId, id } = await sending(
      [
        [SENT, 1],
        [QUEUED, 1],
      ],
      { messageType },
    );
    await laneRepository.remember(userId, { messagingLimit: 1, qualityRating: "GREEN" });
    await sql`UPDATE messages SET "initiatedAt" = now() WHERE "userId" = ${userId} AND "status" = 'sent'`;

    expect(await progressOf(userId, id)).toMatchObject({ limit });
  },
);

describe("cancel", () => {
  test("waits for a report that is being applied, instead of standing in its way", async () => {
    const { userId, id } = await sending([[QUEUED, 2]]);
    const [message] = await db.message.findMany({
      where: { userId, campaignId: id },
      orderBy: { id: "asc" },
    });
    let canceled: Promise<boolean> | undefined;

    await transaction(async (sql) => {
      await sql`UPDATE messages SET "status" = 'sent', "notBefore" = NULL WHERE "id" = ${message?.id}`;
      canceled = campaignRepository.cancel(userId, id);
      await somebodyWaits(sql);
      await sql`UPDATE campaigns SET "sentCount" = 1 WHERE "userId" = ${userId} AND "id" = ${id}`;
    });

    expect(await canceled).toBe(true);
    expect(await find(userId, id)).toMatchObject({ status: "canceled", sentCount: 1 });
    expect(await messageRepository.countByStatus(userId, id)).toMatchObject({
      sent: 1,
      skipped: 1,
      queued: 0,
    });
  });

  test("makes nobody wait for a large campaign: the sweep takes the rest out of the queue", async () => {
    const { userId, id } = await sending([]);
    await sql`
      WITH person AS (
        INSERT INTO contacts ("userId", "phone", "optedIn")
        SELECT ${userId}, '+1415' || (5550000 + n), true FROM generate_series(1, 5001) n RETURNING "id"
      )
      INSERT INTO messages ("userId", "campaignId", "contactId", "direction", "type", "content", "notBefore")
      SELECT ${userId}, ${id}, "id", 'outbound', 'template', '{"parameters": []}', now() FROM person`;

    await cancelCampaign(userId, id);
    expect(await messageRepository.countByStatus(userId, id)).toMatchObject({ skipped: 5000, queued: 1 });
    await sweepMessages();

    expect(await messageRepository.countByStatus(userId, id)).toMatchObject({ skipped: 5001, queued: 0 });
  });

  test("skips whom a list that was being fixed at the same moment still named", async () => {
    const userId = await createUser();
    await createContact(userId);
    const { id } = await createCampaign(userId, { audience: { tags: [] } });
    await campaignRepository.start(userId, id, { onlyIfDue: false });

    await Promise.all([audienceRepository.freeze(userId, id), campaignRepository.cancel(userId, id)]);

    expect(await messageRepository.countByStatus(userId, id)).toMatchObject({ queued: 0 });
  });
});
