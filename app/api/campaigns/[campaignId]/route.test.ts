import { randomInt } from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { POST as cancel } from "@/app/api/campaigns/[campaignId]/cancel/route";
import { GET as check } from "@/app/api/campaigns/[campaignId]/check/route";
import { POST as launch } from "@/app/api/campaigns/[campaignId]/launch/route";
import { POST as pause } from "@/app/api/campaigns/[campaignId]/pause/route";
import { GET as progress } from "@/app/api/campaigns/[campaignId]/progress/route";
import { GET as recipients } from "@/app/api/campaigns/[campaignId]/recipients/route";
import { POST as recount } from "@/app/api/campaigns/[campaignId]/recount/route";
import { POST as resume } from "@/app/api/campaigns/[campaignId]/resume/route";
import { POST as retryFailed } from "@/app/api/campaigns/[campaignId]/retry-failed/route";
import { DELETE, GET, PATCH } from "@/app/api/campaigns/[campaignId]/route";
import { POST as schedule, DELETE as unschedule } from "@/app/api/campaigns/[campaignId]/schedule/route";
import { POST as sendRest } from "@/app/api/campaigns/[campaignId]/send-rest/route";
import { POST as sendUnknown } from "@/app/api/campaigns/[campaignId]/send-unknown/route";
import { inngest } from "@/inngest/client";
import { alertRepository } from "@/lib/alerts/repository";
import { authenticate } from "@/lib/auth";
import { campaignRepository } from "@/lib/campaigns/repository";
import { startDueCampaign } from "@/lib/campaigns/service";
import { db, sql } from "@/lib/db";
import type { CampaignStatus } from "@/lib/db/generated/enums";
import { messageRepository } from "@/lib/messages/repository";
import { segmentRepository } from "@/lib/segments/repository";
import type { UserId } from "@/lib/tenant";
import {
  createCampaign,
  createContact,
  createMessage,
  createTemplate,
  createUser,
} from "@/lib/testing/factories";

vi.mock("@/lib/auth", () => ({ authenticate: vi.fn() }));
vi.mock("@/inngest/client", () => ({ inngest: { send: vi.fn() } }));

type Route = typeof GET;

const call = (route: Route, campaignId: string, body?: unknown, query = "") =>
  route(
    new Request(`http://test/api/campaigns/${campaignId}${query}`, {
      method: body === undefined ? "GET" : "POST",
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
    { params: Promise.resolve({ campaignId }) },
  );

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
const anHourAgo = () => new Date(Date.now() - 3_600_000).toISOString();

async function signIn() {
  const userId = await createUser({ accessToken: "v1.sealed" });
  vi.mocked(authenticate).mockResolvedValue(userId);
  return userId;
}

/** Everything a launch asks for. */
async function ready(userId: UserId, status: CampaignStatus = "draft") {
  await createContact(userId);
  return createCampaign(userId, { status, ...(status === "paused" && { startedAt: new Date() }) });
}

const HOUR_MS = 3_600_000;
const daysAgo = (days: number) => new Date(Date.now() - days * 24 * HOUR_MS).toISOString();

const createText = (userId: UserId, messageContent: object) =>
  campaignRepository.create({
    userId,
    name: "A text",
    messageType: "text",
    messageContent: { parameters: [], ...messageContent },
  });

const statusOf = async (userId: UserId, id: string) => (await campaignRepository.get(userId, id)).status;

const update = {
  name: "Changed",
  messageContent: { parameters: ["Asha"] },
  audience: { tags: [], match: "any", excludeTags: [] },
};

beforeEach(() => {
  vi.mocked(inngest.send).mockReset().mockResolvedValue({ ids: [] });
});

describe("a campaign of another account", () => {
  test.each<[string, Route, unknown?]>([
    ["read", GET],
    ["changed", PATCH, { ...update, templateId: crypto.randomUUID() }],
    ["deleted", DELETE],
    ["checked", check],
    ["launched", launch, {}],
    ["scheduled", schedule, { scheduledAt: inAnHour() }],
    ["taken back", unschedule],
    ["paused", pause, {}],
    ["resumed", resume, {}],
    ["canceled", cancel, {}],
    ["tried again", retryFailed, {}],
    ["sent to the rest", sendRest, {}],
    ["followed", progress],
    ["listed", recipients],
    ["counted again", recount],
  ])("cannot be %s, and an id that cannot exist is not found either", async (_, route, body) => {
    const owner = await createUser({ accessToken: "v1.sealed" });
    const { id } = await ready(owner);
    await signIn();

    const responses = [
      await call(route, id, body),
      await call(route, crypto.randomUUID(), body),
      await call(route, "1; DROP TABLE campaigns", body),
    ];

    expect(responses.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(await statusOf(owner, id)).toBe("draft");
    expect(inngest.send).not.toHaveBeenCalled();
  });
});

describe("launch", () => {
  test("starts once, however many press the button", async () => {
    const userId = await signIn();
    const { id } = await ready(userId);

    const responses = await Promise.all(Array.from({ length: 5 }, () => call(launch, id, {})));

    expect(responses.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    expect(await statusOf(userId, id)).toBe("processing");
    expect(inngest.send).toHaveBeenCalledTimes(1);
  });

  test("counts although the event is lost", async () => {
    const userId = await signIn();
    const { id } = await ready(userId);
    vi.mocked(inngest.send).mockRejectedValue(new Error("nobody listens"));

    const response = await call(launch, id, {});

    expect(response.status).toBe(200);
    expect(await statusOf(userId, id)).toBe("processing");
  });

  test("refuses an empty audience", async () => {
    const userId = await signIn();
    await createContact(userId, { optedIn: false });
    const { id } = await createCampaign(userId);

    const response = await call(launch, id, {});

    expect(response.status).toBe(422);
    expect((await response.json()).error.message).toContain("Nobody in this audience");
    expect(await statusOf(userId, id)).toBe("draft");
  });

  test("refuses a deleted segment, and a condition about a deleted campaign, and says so", async () => {
    const userId = await signIn();
    await createContact(userId);
    const { id: segmentId } = await segmentRepository.create(userId, { name: "VIPs", filter: [] });
    const gone = (await createCampaign(userId)).id;
    const toSegment = await createCampaign(userId, { audience: { segmentId } });
    const filter = [{ field: "campaign", did: "not_got", campaignId: gone }];
    const toOthers = await createCampaign(userId, { audience: { filter } });
    await segmentRepository.remove(userId, segmentId);
    await campaignRepository.remove(userId, gone);

    const responses = [await call(launch, toSegment.id, {}), await call(launch, toOthers.id, {})];

    expect(responses.map(({ status }) => status)).toEqual([422, 422]);
    const messages = await Promise.all(
      responses.map(async (response) => (await response.json()).error.message),
    );
    expect(messages).toEqual([
      "The segment that it was to go to was deleted. Choose whom it goes to.",
      "A condition is about a campaign that was deleted, so nobody meets it. Change it.",
    ]);
    expect([await statusOf(userId, toSegment.id), await statusOf(userId, toOthers.id)]).toEqual([
      "draft",
      "draft",
    ]);
  });

  test.each(["draft", "pending", "rejected", "paused", "disabled"] as const)(
    "refuses a template that is %s",
    async (status) => {
      const userId = await signIn();
      await createContact(userId);
      const { id: templateId } = await createTemplate(userId, { status });
      const { id } = await createCampaign(userId, { templateId });

      const response = await call(launch, id, {});

      expect(response.status).toBe(422);
      expect(await statusOf(userId, id)).toBe("draft");
    },
  );

  test("refuses while WhatsApp is not connected", async () => {
    const userId = await createUser();
    vi.mocked(authenticate).mockResolvedValue(userId);
    const { id } = await ready(userId);

    const response = await call(launch, id, {});

    expect(response.status).toBe(422);
    expect(await statusOf(userId, id)).toBe("draft");
  });

  test("refuses when the template has other variables than when the draft was saved", async () => {
    const userId = await signIn();
    await createContact(userId);
    const { id } = await createCampaign(userId, { messageContent: { parameters: ["one", "two"] } });

    const response = await call(launch, id, {});

    expect(response.status).toBe(422);
    expect((await response.json()).error.message).toContain("variables have changed");
  });
});

describe("check", () => {
  test("says how many people and how long, and what is in the way", async () => {
    const userId = await createUser({ messagesPerSecond: 2, isSandbox: true });
    vi.mocked(authenticate).mockResolvedValue(userId);
    const { id } = await ready(userId);
    await createContact(userId);
    await createContact(userId);

    const response = await call(check, id);

    expect(await response.json()).toEqual({
      recipients: 3,
      filter: [
        { field: "consent", is: "in" },
        { field: "blocked", is: false },
      ],
      durationSeconds: 2,
      messagesPerSecond: 2,
      isSandbox: true,
      plan: null,
      withinWindow: null,
      canary: null,
      problems: [{ cause: "connection", message: expect.any(String) }],
    });
  });

  test("counts for a text who wrote within 24 hours, and needs no template", async () => {
    const userId = await signIn();
    await createContact(userId, { lastInboundAt: new Date(Date.now() - 23 * HOUR_MS) });
    await createContact(userId, { lastInboundAt: new Date(Date.now() - 25 * HOUR_MS) });
    await createContact(userId);
    const { id } = await createText(userId, { text: "Hello" });

    expect(await (await call(check, id)).json()).toMatchObject({
      recipients: 3,
      withinWindow: 1,
      problems: [],
    });
    expect((await call(launch, id, {})).status).toBe(200);
  });

  test("refuses a text that nobody may get", async () => {
    const userId = await signIn();
    await createContact(userId);
    const { id } = await createText(userId, { text: "Hello" });

    const response = await call(launch, id, {});

    expect(response.status).toBe(422);
    expect((await response.json()).error.message).toContain("last 24 hours");
  });
});

describe("a campaign's file", () => {
  const fileOf = (changes: object) => ({
    mediaId: "1037543291543636",
    kind: "image",
    fileName: "photo.png",
    phoneNumberId: "106540352242922",
    uploadedAt: daysAgo(0),
    ...changes,
  });
  const withImage = [
    { type: "HEADER", format: "IMAGE" },
    { type: "BODY", text: "Hello" },
  ];

  async function prepare(media: object | null) {
    const phoneNumberId = String(randomInt(1e12, 9e12));
    const userId = await createUser({ accessToken: "v1.sealed", phoneNumberId });
    vi.mocked(authenticate).mockResolvedValue(userId);
    await createContact(userId);
    const { id: templateId } = await createTemplate(userId, { components: withImage });
    const messageContent = { parameters: [], ...(media && { media: fileOf({ phoneNumberId, ...media }) }) };
    const { id } = await createCampaign(userId, { templateId, messageContent });
    return { userId, id, templateId, messageContent };
  }

  const problemsOf = async (id: string) => (await (await call(check, id)).json()).problems;

  test.each<[string, object | null, string | null]>([
    ["is there", {}, null],
    ["is four weeks old", { uploadedAt: daysAgo(28) }, null],
    ["is missing", null, "needs an image"],
    ["is of another kind", { kind: "document" }, "needs an image"],
    ["may be gone at WhatsApp", { uploadedAt: daysAgo(29.1) }, "30 days"],
    ["belongs to another number", { phoneNumberId: "1" }, "another phone number"],
  ])("that %s", async (_, media, problem) => {
    const { id } = await prepare(media);

    expect(await problemsOf(id)).toEqual(
      problem ? [{ cause: "media", message: expect.stringContaining(problem) }] : [],
    );
  });

  test("must outlive the wait for its hour", async () => {
    const { userId, id } = await prepare({ uploadedAt: daysAgo(10) });

    const tooLate = await call(schedule, id, { scheduledAt: daysAgo(-20) });
    expect(tooLate.status).toBe(422);
    expect((await tooLate.json()).error.message).toContain("30 days");
    expect((await call(schedule, id, { scheduledAt: daysAgo(-18) })).status).toBe(200);
    expect(await problemsOf(id)).toEqual([]);
    await db.campaign.update({ where: { userId, id }, data: { scheduledAt: daysAgo(-20) } });
    expect(await problemsOf(id)).toMatchObject([{ cause: "media" }]);
  });

  test.each<[string, object | null, number]>([
    ["with it", {}, 200],
    ["without it", null, 422],
    ["with a document instead", { kind: "document" }, 422],
  ])("is asked for when a draft is saved %s", async (_, media, status) => {
    const { id, templateId, messageContent } = await prepare(media);

    const response = await call(PATCH, id, { ...update, templateId, messageContent });

    expect(response.status).toBe(status);
    if (status === 422)
      expect((await response.json()).error.fields).toEqual({ media: [expect.stringContaining("an image")] });
  });

  test("is not kept where it has no place", async () => {
    const { userId, id, messageContent } = await prepare({});
    const { id: templateId } = await createTemplate(userId, {
      components: [{ type: "BODY", text: "Hello" }],
    });

    expect((await call(PATCH, id, { ...update, templateId, messageContent })).status).toBe(200);

    expect((await campaignRepository.get(userId, id)).messageContent).toEqual({ parameters: [] });
  });
});

describe("schedule", () => {
  test("keeps the instant, whatever zone it is written in", async () => {
    const userId = await signIn();
    const { id } = await ready(userId);
    const instant = new Date(Date.now() + 86_400_000);
    const inKathmandu = new Date(instant.getTime() + 345 * 60_000).toISOString().replace("Z", "+05:45");

    const response = await call(schedule, id, { scheduledAt: inKathmandu });

    expect(response.status).toBe(200);
    expect(await campaignRepository.get(userId, id)).toMatchObject({
      status: "scheduled",
      scheduledAt: instant,
    });
  });

  test.each([
    ["in the past", anHourAgo()],
    ["without a zone", "2099-01-01T09:00:00"],
    ["that is none", "tomorrow"],
  ])("refuses a time %s beside the field", async (_, scheduledAt) => {
    const userId = await signIn();
    const { id } = await ready(userId);

    const response = await call(schedule, id, { scheduledAt });

    expect(response.status).toBe(422);
    expect((await response.json()).error.fields).toEqual({ scheduledAt: [expect.any(String)] });
    expect(await statusOf(userId, id)).toBe("draft");
  });

  test("can be moved and taken back, and then edited again", async () => {
    const userId = await signIn();
    const { id, templateId } = await ready(userId);
    const body = { ...update, templateId };

    await call(schedule, id, { scheduledAt: inAnHour() });
    const whileScheduled = await call(PATCH, id, body);
    const moved = await call(schedule, id, { scheduledAt: "2099-01-01T09:00:00Z" });
    const back = await call(unschedule, id);
    const asDraft = await call(PATCH, id, body);

    expect([whileScheduled, moved, back, asDraft].map(({ status }) => status)).toEqual([409, 200, 200, 200]);
    expect(await campaignRepository.get(userId, id)).toMatchObject({ status: "draft", name: "Changed" });
  });
});

describe("what a state allows", () => {
  test.each<[string, CampaignStatus, Route, unknown, number]>([
    ["delete", "draft", DELETE, undefined, 200],
    ["delete", "scheduled", DELETE, undefined, 200],
    ["delete", "processing", DELETE, undefined, 409],
    ["delete", "paused", DELETE, undefined, 409],
    ["delete", "completed", DELETE, undefined, 200],
    ["pause", "processing", pause, {}, 200],
    ["pause", "draft", pause, {}, 409],
    ["pause", "completed", pause, {}, 409],
    ["resume", "paused", resume, {}, 200],
    ["resume", "draft", resume, {}, 409],
    ["resume", "scheduled", resume, {}, 409],
    ["resume", "canceled", resume, {}, 409],
    ["cancel", "processing", cancel, {}, 200],
    ["cancel", "completed", cancel, {}, 409],
    ["launch", "completed", launch, {}, 409],
    ["launch", "canceled", launch, {}, 409],
    ["launch", "paused", launch, {}, 409],
    ["schedule", "processing", schedule, { scheduledAt: inAnHour() }, 409],
    ["take back", "processing", unschedule, undefined, 409],
  ])("%s while %s", async (_, status, route, body, expected) => {
    const userId = await signIn();
    const { id } = await ready(userId, status);

    const response = await call(route, id, body);

    expect(response.status).toBe(expected);
    if (expected === 409) expect(await statusOf(userId, id)).toBe(status);
  });
});

describe("progress and recipients", () => {
  test("count and list the same people", async () => {
    const userId = await signIn();
    const { id } = await createCampaign(userId, { status: "processing", totalRecipients: 3, readCount: 1 });
    const people = await Promise.all([1, 2, 3].map(() => createContact(userId)));
    const now = new Date();
    const states = [
      { status: "read", sentAt: now, deliveredAt: now, readAt: now },
      { status: "unknown", errorMessage: "We do not know" },
      { status: "queued" },
    ] as const;
    for (const [index, state] of states.entries())
      await createMessage(userId, id, people[index]?.id ?? "", state);

    const numbers = await (await call(progress, id)).json();
    const unknown = await (await call(recipients, id, undefined, "?state=unknown")).json();
    const sent = await (await call(recipients, id, undefined, "?state=reached_sent")).json();
    const nonsense = await call(recipients, id, undefined, "?state=nonsense");

    expect(numbers).toMatchObject({ readCount: 1, states: { read: 1, unknown: 1, queued: 1, failed: 0 } });
    expect(unknown.items).toMatchObject([{ contact: { id: people[1]?.id }, errorMessage: "We do not know" }]);
    expect(sent.items).toMatchObject([{ contact: { id: people[0]?.id } }]);
    expect(nonsense.status).toBe(422);
  });
});

test("a recount says what it found and puts the numbers right", async () => {
  const userId = await signIn();
  const { id } = await createCampaign(userId, { status: "completed", sentCount: 5 });
  await createMessage(userId, id, (await createContact(userId)).id, { status: "sent", sentAt: new Date() });

  const first = await (await call(recount, id, {})).json();
  const second = await (await call(recount, id, {})).json();

  const counted = { sentCount: 1, deliveredCount: 0, readCount: 0, failedCount: 0 };
  expect(first).toEqual({ before: { ...counted, sentCount: 5 }, after: counted });
  expect(second).toEqual({ before: counted, after: counted });
});

describe("sending what is unknown", () => {
  async function withUnknown(status: CampaignStatus) {
    const userId = await signIn();
    const campaign = await createCampaign(userId, { status, frozenAt: new Date(), completedAt: new Date() });
    for (const state of ["unknown", "unknown", "sent", "failed", "skipped"] as const) {
      const contact = await createContact(userId);
      await createMessage(userId, campaign.id, contact.id, { status: state });
    }
    return { userId, campaignId: campaign.id };
  }

  test("queues the unknown messages once, however many ask at once, and a completed campaign goes on", async () => {
    const { userId, campaignId } = await withUnknown("completed");

    const answers = await Promise.all(Array.from({ length: 10 }, () => call(sendUnknown, campaignId, {})));

    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
    const live = await (await call(progress, campaignId)).json();
    expect(live).toMatchObject({
      status: "processing",
      completedAt: null,
      states: { queued: 2, unknown: 0, sent: 1, failed: 1, skipped: 1 },
    });
    const retried = await db.message.findMany({ where: { userId, campaignId, status: "queued" } });
    expect(retried.map(({ retryCount }) => retryCount)).toEqual([1, 1]);
    expect(inngest.send).toHaveBeenCalled();
  });

  test("leaves a paused campaign paused, with the messages waiting", async () => {
    const { userId, campaignId } = await withUnknown("paused");

    expect((await call(sendUnknown, campaignId, {})).ok).toBe(true);

    expect(await statusOf(userId, campaignId)).toBe("paused");
  });

  test("does nothing for a canceled campaign or a stranger", async () => {
    const { userId, campaignId } = await withUnknown("canceled");
    expect((await call(sendUnknown, campaignId, {})).status).toBe(409);

    const mine = await withUnknown("completed");
    await signIn();
    expect((await call(sendUnknown, mine.campaignId, {})).status).toBe(404);
    expect(await statusOf(mine.userId, mine.campaignId)).toBe("completed");
    expect(await statusOf(userId, campaignId)).toBe("canceled");
  });
});

describe("trying again what failed", () => {
  async function withFailed(status: CampaignStatus = "completed") {
    const userId = await signIn();
    const campaign = await createCampaign(userId, {
      ...{ status, frozenAt: new Date(), completedAt: new Date(), startedAt: new Date() },
      ...{ sentCount: 3, failedCount: 5, deliveredCount: 1, totalRecipients: 6 },
      // The sweep, which other tests run, would try the one of yesterday.
      retriesHeldBack: false,
    });
    const now = new Date();
    const yesterday = new Date(now.getTime() - 25 * 3_600_000);
    const failures = [
      { errorCode: "131026", sentAt: now, failedAt: now, whatsappMessageId: crypto.randomUUID() },
      { errorCode: null, failedAt: now },
      { errorCode: "131049", sentAt: yesterday, failedAt: yesterday },
      { errorCode: "131049", failedAt: now },
      { errorCode: "131050", failedAt: now },
    ];
    for (const failure of failures) {
      const contact = await createContact(userId);
      await createMessage(userId, campaign.id, contact.id, { status: "failed", ...failure });
    }
    const reached = await createContact(userId);
    await createMessage(userId, campaign.id, reached.id, {
      status: "delivered",
      sentAt: now,
      deliveredAt: now,
    });
    return { userId, campaignId: campaign.id };
  }

  test("offers and queues only what may succeed, once, as a new attempt on the same row", async () => {
    const { userId, campaignId } = await withFailed();
    expect(await (await call(progress, campaignId)).json()).toMatchObject({ retryable: 3 });

    const answers = await Promise.all(Array.from({ length: 20 }, () => call(retryFailed, campaignId, {})));

    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
    expect(await (await call(progress, campaignId)).json()).toMatchObject({
      ...{ status: "processing", completedAt: null, retryable: 0 },
      ...{ sentCount: 1, failedCount: 2, deliveredCount: 1 },
      states: { queued: 3, failed: 2, delivered: 1 },
    });
    const queued = await db.message.findMany({ where: { userId, campaignId, status: "queued" } });
    for (const message of queued) {
      expect(message).toMatchObject({
        ...{ retryCount: 1, firstAttempt: 1, sentAt: null, failedAt: null, claimedAt: null },
        ...{ whatsappMessageId: null, errorCode: null, errorMessage: null },
      });
    }
    expect(inngest.send).toHaveBeenCalledTimes(1);
  });

  test("lets what the failed attempt still reports count no more", async () => {
    const { userId, campaignId } = await withFailed();
    await call(retryFailed, campaignId, {});
    const [message] = await db.message.findMany({ where: { userId, campaignId, status: "queued" } });
    const report = { messageId: message?.id ?? "", whatsappMessageId: null, at: null, attempt: 0 };

    await messageRepository.record(userId, [
      {
        ...report,
        state: "failed",
        errorCode: "131026",
        errorMessage: "x",
        category: null,
        pricingType: null,
      },
      { ...report, state: "sent", errorCode: null, errorMessage: null, category: null, pricingType: null },
    ]);

    expect(await campaignRepository.get(userId, campaignId)).toMatchObject({ sentCount: 1, failedCount: 2 });
    expect(await messageRepository.countByStatus(userId, campaignId)).toMatchObject({ queued: 3 });
  });

  test.each<[CampaignStatus, number, CampaignStatus]>([
    ["paused", 200, "paused"],
    ["processing", 200, "processing"],
    ["canceled", 409, "canceled"],
  ])("of a %s campaign is answered %i and leaves it %s", async (status, expected, after) => {
    const { userId, campaignId } = await withFailed(status);

    expect((await call(retryFailed, campaignId, {})).status).toBe(expected);

    expect(await statusOf(userId, campaignId)).toBe(after);
  });
});

describe("a campaign that goes to a few people first", () => {
  test("says how many before it is sent, and that too few go all at once", async () => {
    const userId = await signIn();
    const { id } = await createCampaign(userId, { canaryPercent: 1, canaryMinutes: 45 });
    await Promise.all(Array.from({ length: 39 }, () => createContact(userId)));
    expect(await (await call(check, id)).json()).toMatchObject({ recipients: 39, canary: null });

    await createContact(userId);

    expect(await (await call(check, id)).json()).toMatchObject({
      recipients: 40,
      canary: { size: 20, minutes: 45 },
    });
  });

  test("goes to the others when its owner says so, once", async () => {
    const userId = await signIn();
    const { id } = await createCampaign(userId, {
      ...{ status: "processing", startedAt: new Date(), frozenAt: new Date(), totalRecipients: 100 },
      ...{ canaryPercent: 20, canaryUntil: crypto.randomUUID(), canarySentAt: new Date() },
    });
    expect(await (await call(progress, id)).json()).toMatchObject({
      canary: { size: 20, minutes: 30, sentAt: expect.any(String) },
    });

    const answers = await Promise.all(Array.from({ length: 5 }, () => call(sendRest, id, {})));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    expect(await (await call(progress, id)).json()).toMatchObject({ canary: null });
  });
});

describe("a campaign that missed its hour", () => {
  async function held() {
    const userId = await signIn();
    const { id } = await ready(userId);
    await call(schedule, id, { scheduledAt: inAnHour(), missedSchedule: "hold" });
    await sql`UPDATE campaigns SET "scheduledAt" = now() - interval '6 minutes' WHERE "id" = ${id}`;
    await startDueCampaign(userId, id);
    return { userId, id };
  }

  test.each<[string, Route, unknown, number, CampaignStatus]>([
    ["sent now", launch, {}, 200, "processing"],
    ["scheduled anew", schedule, { scheduledAt: inAnHour() }, 200, "scheduled"],
    ["canceled", cancel, {}, 200, "canceled"],
    ["resumed", resume, {}, 409, "paused"],
  ])("waits for its owner and, %s, is answered %i", async (_, route, body, expected, after) => {
    const { userId, id } = await held();
    expect(await alertRepository.listOpen(userId)).toMatchObject([{ key: `campaign:${id}` }]);

    const response = await call(route, id, body);

    expect([response.status, await statusOf(userId, id)]).toEqual([expected, after]);
    expect(await alertRepository.listOpen(userId)).toHaveLength(expected === 200 ? 0 : 1);
  });

  test("is refused a rule without its hours", async () => {
    const userId = await signIn();
    const { id } = await ready(userId);

    const response = await call(schedule, id, { scheduledAt: inAnHour(), missedSchedule: "send_within" });

    expect(response.status).toBe(422);
    expect((await response.json()).error.fields).toEqual({ missedHours: [expect.any(String)] });
  });
});
