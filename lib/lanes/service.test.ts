import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { UserId } from "@/lib/tenant";
import type { Keys } from "@/lib/testing/sandbox";

const sandbox = await vi.hoisted(async () => {
  const { createSandbox } = await import("@/local/sandbox/sandbox");
  const listening = await createSandbox({ reviewMs: 0, speed: 0 }).listen();
  process.env.WHATSAPP_SANDBOX_URL = listening.url;
  return listening;
});

const { alertRepository } = await import("@/lib/alerts/repository");
const { audienceRepository } = await import("@/lib/audiences/repository");
const { campaignRepository } = await import("@/lib/campaigns/repository");
const { db, sql } = await import("@/lib/db");
const { laneRepository } = await import("@/lib/lanes/repository");
const { messageRepository } = await import("@/lib/messages/repository");
const { sendSlice } = await import("@/lib/lanes/service");
const { createCampaign, createContact, createTemplate, createUser } = await import("@/lib/testing/factories");
const { sandboxAt } = await import("@/lib/testing/sandbox");
const { ask, ledger, connect, approveTemplate } = sandboxAt(sandbox.url);

afterAll(() => sandbox.close());

type LedgerLine = { kind: string; at: number; body?: { to: string; biz_opaque_callback_data: string } };

const components = [
  { type: "BODY", text: "Hi {{1}}, everything is off.", example: { body_text: [["Asha"]] } },
];

const posts = (of: Keys) => ledger<LedgerLine>(of, "request");

let keys: Keys;
let owner: UserId;

beforeEach(async () => {
  owner = await createUser({ messagesPerSecond: 80 });
  keys = await connect(owner);
});

/** A frozen campaign to people whose numbers end in these digits. */
async function launch(
  endings: string[],
  name = "spring_sale",
  overrides: Parameters<typeof createCampaign>[1] = {},
) {
  const id = await approveTemplate(keys, name, components);
  const template = await createTemplate(owner, { name, components, whatsappTemplateId: id });
  let serial = Date.now() % 1e5;
  for (const ending of endings)
    await createContact(owner, {
      phone: `+1415${String(serial++ % 1000).padStart(3, "0")}${ending}`,
      tags: [name],
    });
  const campaign = await createCampaign(owner, {
    templateId: template.id,
    audience: { tags: [name] },
    ...overrides,
  });
  await campaignRepository.start(owner, campaign.id, { onlyIfDue: false });
  await audienceRepository.freeze(owner, campaign.id);
  return { campaignId: campaign.id, whatsappTemplateId: id };
}

const ordinary = (count: number) => Array.from({ length: count }, (_, index) => String(2000 + index));
const states = (campaignId: string) => messageRepository.countByStatus(owner, campaignId);
const makeDue = () =>
  sql`UPDATE messages SET "notBefore" = now() - interval '1 second' WHERE "userId" = ${owner}`;

describe("sendSlice", () => {
  test("sends each message once, with our id, and ends the campaign", async () => {
    const { campaignId } = await launch(ordinary(30));

    expect(await sendSlice(owner)).toEqual({ posted: 30, waitMs: null });

    const ids = (await posts(keys)).map(({ body }) => body?.biz_opaque_callback_data);
    expect(new Set(ids).size).toBe(30);
    expect(ids).toHaveLength(30);
    expect(await states(campaignId)).toMatchObject({ sent: 30 });
    expect(await campaignRepository.get(owner, campaignId)).toMatchObject({
      status: "completed",
      sentCount: 30,
      failedCount: 0,
    });
  });

  test("knows which messages WhatsApp took and holds back", async () => {
    const { campaignId } = await launch(["0009", "2000"]);

    await sendSlice(owner);

    expect(await states(campaignId)).toMatchObject({ held: 1, sent: 1 });
    expect(await campaignRepository.get(owner, campaignId)).toMatchObject({ sentCount: 1 });
  });

  test("posts what Meta's own description of the API allows", async () => {
    const { validateRequest } = await import("@/local/sandbox/contract");
    await launch(ordinary(1));

    await sendSlice(owner);

    const [post] = await posts(keys);
    expect(post?.body).toMatchObject({ type: "template", to: expect.stringMatching(/^\+1415/) });
    expect(validateRequest("POST", `/v25.0/${keys.phoneNumberId}/messages`, post?.body)).toEqual([]);
  });

  test("sends each message once when several slices run at once", async () => {
    const { campaignId } = await launch(ordinary(40));

    await Promise.all([sendSlice(owner), sendSlice(owner), sendSlice(owner)]);

    expect(await posts(keys)).toHaveLength(40);
    expect(await states(campaignId)).toMatchObject({ sent: 40 });
  });

  test("keeps the account's rate in every second", async () => {
    await sql`UPDATE users SET "messagesPerSecond" = 20 WHERE "id" = ${owner}`;
    await launch(ordinary(45));

    await sendSlice(owner);

    const instants = (await posts(keys)).map(({ at }) => at).toSorted((a, b) => a - b);
    const fullest = Math.max(
      ...instants.map((start) => instants.filter((at) => at >= start && at < start + 1000).length),
    );
    expect(instants).toHaveLength(45);
    expect(fullest).toBeLessThanOrEqual(20);
  });

  test("keeps its rate while WhatsApp answers slowly", async () => {
    await launch(ordinary(100));
    await ask("/_sandbox/faults", {
      match: { phoneNumberId: keys.phoneNumberId },
      fault: { kind: "delay", ms: 3000 },
    });

    await sendSlice(owner);

    const instants = (await posts(keys)).map(({ at }) => at);
    expect(instants).toHaveLength(100);
    expect(Math.max(...instants) - Math.min(...instants)).toBeLessThan(2600);
  });

  test("passes over whoever opted out after the audience was frozen", async () => {
    const { campaignId } = await launch(ordinary(3));
    await sql`UPDATE contacts SET "optedIn" = false WHERE "userId" = ${owner} AND "phone" LIKE '%2001'`;

    await sendSlice(owner);

    expect((await posts(keys)).some(({ body }) => body?.to.endsWith("2001"))).toBe(false);
    expect(await states(campaignId)).toMatchObject({ sent: 2, skipped: 1 });
    expect(await campaignRepository.get(owner, campaignId)).toMatchObject({ status: "completed" });
  });

  test("does not send a message again whose answer was lost", async () => {
    const { campaignId } = await launch(["0504", "2000"]);

    await sendSlice(owner);
    await makeDue();
    await sendSlice(owner);

    expect(await states(campaignId)).toMatchObject({ unknown: 1, sent: 1 });
    expect((await posts(keys)).filter(({ body }) => body?.to.endsWith("0504"))).toHaveLength(1);
  });

  test.each([
    ["0429", "without costing it a try", 0],
    ["0500", "at the cost of a try", 1],
  ])(
    "tries a message ending in %s again, which WhatsApp refused for the moment, %s",
    async (ending, _cost, retryCount) => {
      const { campaignId } = await launch([ending]);

      const { waitMs } = await sendSlice(owner);
      expect(waitMs).toBeGreaterThan(4000);
      expect(await states(campaignId)).toMatchObject({ queued: 1 });
      await makeDue();
      await sendSlice(owner);

      expect(await states(campaignId)).toMatchObject({ sent: 1 });
      expect(await db.message.findMany({ where: { userId: owner } })).toMatchObject([{ retryCount }]);
    },
  );

  test("pauses all campaigns of an account whose token was revoked, and fails nobody", async () => {
    const first = await launch(ordinary(5));
    const second = await launch(["3000"], "summer_sale");
    await ask(`/_sandbox/accounts/${keys.wabaId}/token`, { state: "revoked" });

    await sendSlice(owner);

    for (const { campaignId } of [first, second]) {
      expect(await campaignRepository.get(owner, campaignId)).toMatchObject({
        status: "paused",
        failedCount: 0,
        pauseReason: expect.stringContaining("connect again"),
      });
    }
    expect(await states(first.campaignId)).toMatchObject({ queued: 5, failed: 0 });
  });

  test("posts nothing more once WhatsApp has refused the whole account", async () => {
    const { campaignId } = await launch(ordinary(40));
    await ask(`/_sandbox/accounts/${keys.wabaId}/token`, { state: "revoked" });

    await sendSlice(owner);

    expect((await posts(keys)).length).toBeLessThan(8);
    expect(await states(campaignId)).toMatchObject({ queued: 40 });
    await ask(`/_sandbox/accounts/${keys.wabaId}/token`, { state: "valid" });
    await campaignRepository.move(owner, campaignId, "processing");
    await sendSlice(owner);
    expect(await states(campaignId)).toMatchObject({ sent: 40 });
  });

  test("sends more slowly after WhatsApp said that it was too fast, in every process", async () => {
    await launch(["0429"]);

    await sendSlice(owner);

    const lane = await laneRepository.acquire(owner, randomUUID());
    expect(lane).toMatchObject({ throttled: { to: 40 } });
  });

  test("claims no more than a tenth of a second of its lowered rate ahead", async () => {
    const { campaignId } = await launch(ordinary(20));
    await laneRepository.acquire(owner, "00000000-0000-0000-0000-000000000001");
    await laneRepository.throttle(owner, 5);
    await laneRepository.release(owner, "00000000-0000-0000-0000-000000000001");

    const slice = sendSlice(owner);
    await vi.waitFor(async () => expect((await states(campaignId)).sent).toBeGreaterThan(0));

    expect((await states(campaignId)).sending).toBeLessThanOrEqual(2);
    await slice;
    expect(await states(campaignId)).toMatchObject({ sent: 20 });
  });

  test("pauses only the campaign whose template Meta paused, and sends the rest once when it is resumed", async () => {
    const first = await launch(ordinary(5));
    await ask(`/_sandbox/templates/${first.whatsappTemplateId}`, { action: "pause" });

    await sendSlice(owner);
    expect(await campaignRepository.get(owner, first.campaignId)).toMatchObject({
      status: "paused",
      pauseReason: expect.stringContaining("paused the template"),
    });
    await ask(`/_sandbox/templates/${first.whatsappTemplateId}`, { action: "approve" });
    await campaignRepository.move(owner, first.campaignId, "processing");
    await sendSlice(owner);

    expect(await states(first.campaignId)).toMatchObject({ sent: 5 });
  });

  test("takes the campaigns of an account in turn", async () => {
    await sql`UPDATE users SET "messagesPerSecond" = 20 WHERE "id" = ${owner}`;
    const first = await launch(ordinary(20));
    const second = await launch(ordinary(25).slice(20), "summer_sale");
    const slice = sendSlice(owner);
    await vi.waitFor(async () => expect((await states(second.campaignId)).sent).toBeGreaterThan(0), {
      timeout: 8000,
    });

    expect((await states(first.campaignId)).queued).toBeGreaterThan(0);
    await slice;
  });

  test("rests while the first part of a campaign is out, and notes when it has been sent", async () => {
    const { campaignId } = await launch(["0429", ...ordinary(59)], "spring_sale", { canaryPercent: 10 });
    const sentAt = async () => (await campaignRepository.get(owner, campaignId)).canarySentAt;

    const first = await sendSlice(owner);
    expect(first).toEqual({ posted: 20, waitMs: expect.any(Number) });
    expect(first.waitMs).toBeGreaterThan(5000);
    expect(await sentAt()).toBeNull();

    await sql`
      UPDATE messages SET "notBefore" = now() - interval '1 millisecond'
      WHERE "campaignId" = ${campaignId} AND "notBefore" > now()`;
    expect(await sendSlice(owner)).toEqual({ posted: 1, waitMs: null });
    expect(await sentAt()).not.toBeNull();
    expect(await states(campaignId)).toMatchObject({ sent: 20, queued: 40 });
  });

  test.each([
    ["is not connected", ""],
    ["has secrets that cannot be opened", "v1.00000000.a.b.c"],
  ])("pauses the campaigns of an account that %s, with one alert", async (_, token) => {
    const { campaignId } = await launch(ordinary(1));
    await sql`UPDATE users SET "accessToken" = ${token} WHERE "id" = ${owner}`;

    for (let slice = 1; slice <= 3; slice += 1)
      expect(await sendSlice(owner)).toEqual({ posted: 0, waitMs: null });

    expect(await campaignRepository.get(owner, campaignId)).toMatchObject({ status: "paused" });
    expect(await alertRepository.listOpen(owner)).toMatchObject([{ key: "account:connection", count: 1 }]);
  });

  test("pauses nobody when it is the database that does not answer", async () => {
    const { campaignId } = await launch(ordinary(1));
    const { userRepository } = await import("@/lib/users/repository");
    const restarting = new Error("Connection terminated unexpectedly");
    vi.spyOn(userRepository, "findConnection").mockRejectedValueOnce(restarting);

    await expect(sendSlice(owner)).rejects.toThrow(restarting);

    expect(await campaignRepository.get(owner, campaignId)).toMatchObject({ status: "processing" });
  });

  test("keeps messages queued while nobody answers at WhatsApp's address", async () => {
    const { campaignId } = await launch(ordinary(2));
    const { env } = await import("@/lib/env");
    const reachable = env.WHATSAPP_SANDBOX_URL;
    env.WHATSAPP_SANDBOX_URL = "http://127.0.0.1:9";
    try {
      await sendSlice(owner);
    } finally {
      env.WHATSAPP_SANDBOX_URL = reachable;
    }

    expect(await states(campaignId)).toMatchObject({ queued: 2, unknown: 0, failed: 0 });
  });

  test("leaves a lane alone that another slice holds, and comes back when that could be over", async () => {
    const { campaignId } = await launch(ordinary(2));
    await laneRepository.acquire(owner, randomUUID());

    const { posted, waitMs } = await sendSlice(owner);

    expect(posted).toBe(0);
    expect(waitMs).toBeGreaterThan(10_000);
    await sql`UPDATE lanes SET "leaseUntil" = now() - interval '1 second' WHERE "userId" = ${owner}`;
    await sendSlice(owner);
    expect(await states(campaignId)).toMatchObject({ sent: 2 });
  });

  test("gives its lane back", async () => {
    await launch(ordinary(1));

    await sendSlice(owner);

    expect(await laneRepository.findBusyMs(owner)).toBe(0);
  });

  test("stops for a while when WhatsApp is out of order, and fails nobody", async () => {
    const { campaignId } = await launch(ordinary(60));
    await ask("/_sandbox/faults", {
      match: { phoneNumberId: keys.phoneNumberId },
      fault: { kind: "graph_error", code: 131016 },
    });

    const startedAt = performance.now();
    const { waitMs } = await sendSlice(owner);

    expect(performance.now() - startedAt).toBeLessThan(5000);
    const postsBefore = (await posts(keys)).length;
    expect(postsBefore).toBeGreaterThanOrEqual(10);
    expect(postsBefore).toBeLessThan(30);
    expect(waitMs).toBeGreaterThan(0);
    expect(await states(campaignId)).toMatchObject({ queued: 60, failed: 0 });
    expect(await sendSlice(owner)).toMatchObject({ posted: 0 });
  });

  test("pauses a campaign whose messages are all refused for the same fault, and tells the owner", async () => {
    const { campaignId } = await launch(ordinary(60));
    await ask("/_sandbox/faults", {
      match: { phoneNumberId: keys.phoneNumberId },
      fault: { kind: "graph_error", code: 131009 },
    });

    await sendSlice(owner);

    const { failed, queued } = await states(campaignId);
    expect(failed).toBeGreaterThanOrEqual(10);
    expect(failed).toBeLessThan(30);
    expect(failed + queued).toBe(60);
    expect(await campaignRepository.get(owner, campaignId)).toMatchObject({
      status: "paused",
      pauseReason: expect.stringContaining("131009"),
    });
    expect(await alertRepository.listOpen(owner)).toMatchObject([{ key: `campaign:${campaignId}` }]);
  });

  test("counts refusals of the same fault over the slices of a slow lane", async () => {
    const { campaignId } = await launch(ordinary(60));
    await ask("/_sandbox/faults", {
      match: { phoneNumberId: keys.phoneNumberId },
      fault: { kind: "graph_error", code: 131009 },
      times: 9,
    });
    await sql`UPDATE messages SET "notBefore" = now() + interval '1 hour' WHERE "id" NOT IN (
      SELECT "id" FROM messages WHERE "campaignId" = ${campaignId} ORDER BY "id" LIMIT 9) AND "userId" = ${owner}`;
    await sendSlice(owner);
    expect(await states(campaignId)).toMatchObject({ failed: 9 });
    expect(await campaignRepository.get(owner, campaignId)).toMatchObject({ status: "processing" });

    await ask("/_sandbox/faults", {
      match: { phoneNumberId: keys.phoneNumberId },
      fault: { kind: "graph_error", code: 131009 },
      times: 1,
    });
    await sql`UPDATE messages SET "notBefore" = now() - interval '1 second' WHERE "id" IN (
      SELECT "id" FROM messages WHERE "campaignId" = ${campaignId} AND "status" = 'queued' ORDER BY "id" LIMIT 1)`;
    await sendSlice(owner);

    expect(await campaignRepository.get(owner, campaignId)).toMatchObject({
      status: "paused",
      pauseReason: expect.stringContaining("131009"),
    });
  });

  test("opens one alert for an account that WhatsApp refuses, and closes it when it sends again", async () => {
    const { campaignId } = await launch(ordinary(5));
    await ask(`/_sandbox/accounts/${keys.wabaId}/token`, { state: "revoked" });
    await sendSlice(owner);
    expect(await alertRepository.listOpen(owner)).toMatchObject([{ key: "account:190", count: 1 }]);

    await ask(`/_sandbox/accounts/${keys.wabaId}/token`, { state: "valid" });
    await campaignRepository.move(owner, campaignId, "processing");
    await sendSlice(owner);

    expect(await alertRepository.listOpen(owner)).toEqual([]);
  });

  test("sends no more people than the messaging limit leaves, and goes on when there is room", async () => {
    const { campaignId } = await launch(ordinary(6));
    await laneRepository.remember(owner, { messagingLimit: 4, qualityRating: "GREEN" });
    await sql`UPDATE contacts SET "lastInboundAt" = now() WHERE "userId" = ${owner} AND "phone" LIKE '%2000'`;

    const { waitMs } = await sendSlice(owner);

    expect(await states(campaignId)).toMatchObject({ sent: 5, queued: 1 });
    expect(await campaignRepository.get(owner, campaignId)).toMatchObject({ status: "processing" });
    expect(waitMs).toBeGreaterThan(23 * 3_600_000);
    await sql`UPDATE messages SET "initiatedAt" = now() - interval '25 hours' WHERE "userId" = ${owner} AND "initiatedAt" IS NOT NULL`;
    await sendSlice(owner);
    expect(await states(campaignId)).toMatchObject({ sent: 6 });
  });

  test("reads the messaging limit from WhatsApp, and takes no answer for no limit", async () => {
    await launch(ordinary(1));

    await sendSlice(owner);

    expect(await laneRepository.acquire(owner, randomUUID())).toMatchObject({
      messagingLimit: 100_000,
      isStale: false,
    });
  });

  test("asks for the messaging limit again in a minute, not in every slice, when WhatsApp does not tell it", async () => {
    await launch(ordinary(1));
    await laneRepository.remember(owner, { messagingLimit: null, qualityRating: "RED" });
    await sql`UPDATE lanes SET "readAt" = now() - interval '7 hours' WHERE "userId" = ${owner}`;
    await ask("/_sandbox/faults", {
      match: { phoneNumberId: keys.phoneNumberId, path: keys.phoneNumberId },
      fault: { kind: "graph_error", code: 2 },
      times: 1,
    });
    const known = async () => {
      await sendSlice(owner);
      const lane = await laneRepository.acquire(owner, randomUUID());
      await sql`UPDATE lanes SET "leaseUntil" = NULL WHERE "userId" = ${owner}`;
      return lane;
    };

    // What was known before was not said again.
    expect(await known()).toMatchObject({ messagingLimit: null, isStale: true });
    expect(await known()).toMatchObject({ messagingLimit: null, isStale: true });
    const now = performance.now.bind(performance);
    const later = vi.spyOn(performance, "now").mockImplementation(() => now() + 61_000);
    expect(await known()).toMatchObject({ messagingLimit: 100_000, isStale: false });
    later.mockRestore();
  });

  test("gives a message that is tried again another number", async () => {
    await launch(["0500"]);
    await sendSlice(owner);
    await makeDue();
    await sendSlice(owner);

    const ids = (await posts(keys)).map(({ body }) => body?.biz_opaque_callback_data);
    expect(ids).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), `${ids[0]}.1`]);
  });
});
