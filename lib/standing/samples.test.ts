import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { alertRepository } from "@/lib/alerts/repository";
import { campaignRepository } from "@/lib/campaigns/repository";
import { db, sql } from "@/lib/db";
import { laneRepository } from "@/lib/lanes/repository";
import { createCampaign, createTemplate } from "@/lib/testing/factories";
import { type Account, connectedAccount, openEndpoint, sign } from "@/lib/testing/webhooks";
import { finishProcessing } from "@/lib/webhook-events/service";

let endpoint: Awaited<ReturnType<typeof openEndpoint>>;
let account: Account;
beforeAll(async () => {
  endpoint = await openEndpoint();
});
afterAll(() => endpoint.close());
beforeEach(async () => {
  account = await connectedAccount();
});

/** Sends one of Meta's documents through the real endpoint, as one that Meta noticed just now; `ago` in seconds. */
async function send(sample: string, { to = account, ago = 0 } = {}) {
  const time = Math.floor(Date.now() / 1000) - ago;
  const text = readFileSync(`lib/testing/fixtures/webhooks/composed-${sample}.json`, "utf8");
  const body = Buffer.from(
    text.replaceAll("102290129340398", to.wabaId).replaceAll("1763800000", String(time)),
  );
  expect(await endpoint.post(body, { "x-hub-signature-256": sign(to.appSecret, body) })).toBe(200);
  await finishProcessing();
}

const alertsOf = async ({ userId }: Account) =>
  (await alertRepository.listOpen(userId)).map(({ key, message }) => ({ key, message }));

/** A campaign that has been going out for an hour. */
async function sending(templateId?: string, snapshot: object = { category: "marketing" }) {
  const [{ userId }, runSince] = [account, new Date(Date.now() - 3_600_000)];
  const { id } = await createCampaign(userId, {
    ...{
      status: "processing",
      startedAt: runSince,
      runSince,
      frozenAt: runSince,
      templateSnapshot: snapshot,
    },
    ...(templateId && { templateId }),
  });
  return id;
}
const statusOf = async (id: string) => (await campaignRepository.get(account.userId, id)).status;

describe("a template", () => {
  const spring = (overrides: object = {}) =>
    createTemplate(account.userId, {
      name: "spring_sale",
      whatsappTemplateId: "1689556908129832",
      ...overrides,
    });
  const rowOf = (id: string) => db.template.findUniqueOrThrow({ where: { userId: account.userId, id } });

  test.each([
    ["approved", "approved", "processing", false],
    ["pending", "pending", "paused", false],
    ["in-appeal", "pending", "paused", false],
    ["rejected", "rejected", "paused", false],
    ["paused-first", "paused", "paused", true],
    ["disabled", "disabled", "paused", true],
    ["pending-deletion", "disabled", "paused", false],
    ["deleted", "disabled", "paused", false],
    ["limit-exceeded", "rejected", "paused", false],
    ["flagged", "approved", "processing", true],
    ["reinstated", "approved", "processing", false],
    ["locked", "approved", "processing", false],
    ["unlocked", "approved", "processing", false],
    ["archived", "disabled", "paused", false],
    ["unarchived", "approved", "processing", false],
  ] as const)("reported as %s is %s, its campaign %s", async (sample, status, campaign, isTold) => {
    const { id } = await spring();
    const [own, other] = [await sending(id), await sending()];

    for (const _ of [1, 2]) await send(`template-status-${sample}`);

    expect(await rowOf(id)).toMatchObject({ status });
    expect([await statusOf(own), await statusOf(other)]).toEqual([campaign, "processing"]);
    const keys = (await alertsOf(account)).map(({ key }) => key);
    expect(keys.includes(`template:${id}:state`)).toBe(isTold);
    expect(keys.includes(`campaign:${own}`)).toBe(campaign === "paused");
  });

  test("that may be sent again ends its alert, and an older report that comes later changes nothing", async () => {
    const { id } = await spring();
    await send("template-status-paused-first", { ago: 60 });
    await send("template-status-approved");
    const own = await sending(id);

    await send("template-status-disabled", { ago: 30 });

    expect(await rowOf(id)).toMatchObject({ status: "approved", rejectionReason: null });
    expect(await alertsOf(account)).toEqual([]);
    expect(await statusOf(own)).toBe("processing");
  });

  test("is known by name and language until its id is", async () => {
    const { id } = await spring({ whatsappTemplateId: null, status: "pending" });

    await send("template-status-approved");

    expect(await rowOf(id)).toMatchObject({ status: "approved", whatsappTemplateId: "1689556908129832" });
  });

  test("shows its quality, whichever field Meta puts it in, and warns while it is bad", async () => {
    const { id } = await spring();

    await send("template-quality-red");
    expect(await rowOf(id)).toMatchObject({ quality: "RED", status: "approved" });
    expect(await alertsOf(account)).toMatchObject([{ key: `template:${id}:quality` }]);
    await send("template-quality-green-wrong-field");

    expect(await rowOf(id)).toMatchObject({ quality: "GREEN", status: "approved" });
    expect(await alertsOf(account)).toEqual([]);
  });

  test("of another category pauses what was estimated with the old one, once", async () => {
    const { id } = await spring({ category: "utility" });
    const own = await sending(id, { category: "utility" });
    await send("template-category-announced");
    expect(await rowOf(id)).toMatchObject({ category: "utility", nextCategory: "marketing" });
    expect(await statusOf(own)).toBe("processing");

    await send("template-category-changed", { ago: 5 });
    expect(await rowOf(id)).toMatchObject({
      category: "marketing",
      nextCategory: null,
      nextCategoryAt: null,
    });
    expect(await campaignRepository.get(account.userId, own)).toMatchObject({
      status: "paused",
      pauseReason: expect.stringContaining("check the cost"),
    });
    expect(await alertsOf(account)).toMatchObject([
      { key: `campaign:${own}` },
      { key: `template:${id}:category` },
    ]);

    expect(await campaignRepository.move(account.userId, own, "processing")).toBe(true);
    await send("template-category-changed", { ago: 5 });
    expect(await statusOf(own)).toBe("processing");
  });

  test("of another category holds what is scheduled, until its owner says at the new price", async () => {
    const { userId } = account;
    const { id: templateId } = await spring({ category: "utility" });
    const campaigns = [await createCampaign(userId, { templateId }), await createCampaign(userId)];
    for (const { id } of campaigns) await campaignRepository.schedule(userId, id, "2999-01-01T00:00:00Z");
    const [own = "", other = ""] = campaigns.map(({ id }) => id);

    for (const _ of [1, 2]) await send("template-category-changed");

    expect(await campaignRepository.get(userId, own)).toMatchObject({
      ...{ status: "paused", startedAt: null },
      pauseReason: expect.stringContaining("send it or schedule it again"),
    });
    expect(await statusOf(other)).toBe("scheduled");
    const keys = (await alertsOf(account)).map(({ key }) => key);
    expect(keys.toSorted()).toEqual([`campaign:${own}`, `template:${templateId}:category`]);

    await campaignRepository.schedule(userId, own, "2999-01-01T00:00:00Z");
    await send("template-category-changed");
    expect(await statusOf(own)).toBe("scheduled");
  });

  test("keeps its category when an older report of it comes late", async () => {
    const { id } = await spring({ category: "marketing" });
    await send("template-category-changed");
    await sql`UPDATE templates SET category = 'utility' WHERE id = ${id}`;

    await send("template-category-changed", { ago: 60 });
    await send("template-category-announced", { ago: 60 });

    expect(await rowOf(id)).toMatchObject({ category: "utility", nextCategory: null });
    expect(await alertsOf(account)).toEqual([]);
  });

  test("that was edited at Meta has Meta's texts, and keeps its examples and what a draft says", async () => {
    const components = [
      { type: "HEADER", format: "TEXT", text: "Hello" },
      { type: "BODY", text: "Hi {{1}}, 20% off.", example: { body_text: [["Asha"]] } },
      {
        type: "BUTTONS",
        buttons: [{ type: "URL", text: "Buy", url: "https://example.org/", example: ["x"] }],
      },
    ];
    const { id } = await spring({ components });

    await send("template-components");

    expect(await rowOf(id)).toMatchObject({
      components: [
        { type: "HEADER", format: "TEXT", text: "Sale" },
        { type: "BODY", text: "Hi {{1}}, now 30% off.", example: { body_text: [["Asha"]] } },
        {
          type: "BUTTONS",
          buttons: [{ type: "URL", text: "Shop", url: "https://example.com/", example: ["x"] }],
        },
      ],
    });
    await sql`UPDATE templates SET status = 'draft', components = '[]' WHERE id = ${id}`;
    await send("template-components");
    expect(await rowOf(id)).toMatchObject({ components: [] });
  });
});

describe("an account", () => {
  test.each([
    ["account-violation", "whatsapp:violation", false],
    ["account-restriction", "whatsapp:restriction:RESTRICTED_BIZ_INITIATED_MESSAGING", true],
    ["account-ban-scheduled", "whatsapp:ban", false],
    ["account-ban", "whatsapp:ban", true],
    ["account-deleted", "whatsapp:account", true],
    ["account-partner-removed", "whatsapp:access", true],
    ["account-review-rejected", "whatsapp:review", false],
    ["account-alert", "whatsapp:alert:INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED", false],
    ["account-name-rejected", "whatsapp:name", false],
    ["account-throughput", "whatsapp:throughput", false],
    ["account-pin-changed", "whatsapp:security", false],
    ["account-username", "whatsapp:username", false],
  ])("%s is told as %s, and stops everything: %s", async (sample, key, stops) => {
    const campaign = await sending();

    for (const _ of [1, 2]) await send(sample);

    const alerts = await alertsOf(account);
    expect(alerts.filter((alert) => alert.key === key)).toHaveLength(1);
    expect(alerts.every(({ message }) => !/undefined|null|NaN/.test(message))).toBe(true);
    expect(await statusOf(campaign)).toBe(stops ? "paused" : "processing");
  });

  test.each([
    ["account-ban", "account-reinstated"],
    ["account-review-rejected", "account-review-approved"],
    ["account-name-rejected", "account-name-approved"],
    ["account-partner-removed", "account-partner-added"],
  ])("%s is over with %s", async (trouble, good) => {
    await send(trouble);
    expect(await alertsOf(account)).toHaveLength(1);

    await send(good);

    expect(await alertsOf(account)).toEqual([]);
  });

  test.each([
    ["account-capability-number", { messagingLimit: 2000 }],
    ["account-capability-tier", { messagingLimit: null }],
    ["account-throughput", { messagingLimit: 100_000 }],
    ["account-quality-flagged", { messagingLimit: 10_000, qualityRating: "RED" }],
  ])("%s is kept in its lane", async (sample, lane) => {
    await laneRepository.remember(account.userId, { messagingLimit: 250, qualityRating: "GREEN" });

    await send(sample);

    expect(await laneRepository.find(account.userId)).toMatchObject(lane);
  });

  test("is not stopped again by a report from before its campaign was resumed, nor told what is long over", async () => {
    const campaign = await sending();
    await sql`UPDATE campaigns SET "runSince" = now() WHERE "id" = ${campaign}`;

    await send("account-ban", { ago: 60 });
    await send("account-pin-changed", { ago: 8 * 24 * 3600 });

    expect(await statusOf(campaign)).toBe("processing");
    expect((await alertsOf(account)).map(({ key }) => key)).toEqual(["whatsapp:ban"]);
  });

  test.each([
    ["account-ban", "account-reinstated"],
    ["account-reinstated", "account-ban"],
  ])("takes %s for the newer word when it comes before an older %s", async (newer, older) => {
    const campaign = await sending();
    await send(newer, { ago: 10 });
    const before = [await statusOf(campaign), await alertsOf(account)];

    await send(older, { ago: 20 });

    expect([await statusOf(campaign), await alertsOf(account)]).toEqual(before);
  });

  test("keeps the newest limit and quality, in whichever order they come", async () => {
    await send("account-capability-number", { ago: 10 });
    await send("account-throughput", { ago: 20 });

    expect(await laneRepository.find(account.userId)).toMatchObject({ messagingLimit: 2000 });
  });

  test("that shares its WhatsApp Business Account hears of its own number only", async () => {
    const neighbour = await connectedAccount();
    await sql`UPDATE users SET "wabaId" = ${account.wabaId}, "displayPhoneNumber" = '+1 555 078 3882' WHERE "id" = ${neighbour.userId}`;
    await sql`UPDATE users SET "displayPhoneNumber" = '+1 555-078-3881' WHERE "id" = ${account.userId}`;
    const shared = { ...neighbour, wabaId: account.wabaId };

    for (const to of [account, shared]) await send("account-name-rejected", { to });
    expect([await alertsOf(account), await alertsOf(neighbour)]).toMatchObject([
      [{ key: "whatsapp:name" }],
      [],
    ]);
    for (const to of [account, shared]) await send("account-review-rejected", { to });

    expect((await alertsOf(neighbour)).map(({ key }) => key)).toEqual(["whatsapp:review"]);
  });

  test("with a restriction that has run out is told so by the sweep", async () => {
    await send("account-restriction");
    await sql`UPDATE alerts SET "endsAt" = now() - interval '1 second' WHERE "userId" = ${account.userId}`;

    await alertRepository.resolveOverOfAllTenants();

    expect(await alertsOf(account)).toEqual([]);
  });
});
