import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { campaignRepository } from "@/lib/campaigns/repository";
import { db } from "@/lib/db";
import { connectedAccount, openEndpoint, sentMessage, sign } from "@/lib/testing/webhooks";
import { finishProcessing } from "@/lib/webhook-events/service";

let endpoint: Awaited<ReturnType<typeof openEndpoint>>;
beforeAll(async () => {
  endpoint = await openEndpoint();
});
afterAll(() => endpoint.close());

const at = (second: number) => new Date((1_763_800_000 + second) * 1000);
const billed = { category: "marketing", pricingType: "regular" };
const ONLY = "HBgLMTY1MDU1NTEyMzQVAgARGBI1RjQyNUE3NEYxMzAzMzQ5MkEA";

type Row = { status: string; [column: string]: unknown };
const sent = { status: "sent", sentAt: at(0), deliveredAt: null, readAt: null, failedAt: null };
const untouched = { status: "sent", deliveredAt: null, failedAt: null, category: null };
const failedWith = (errorCode: string, errorMessage: RegExp): Row => ({
  ...{ status: "failed", failedAt: at(0), deliveredAt: null, errorCode },
  errorMessage: expect.stringMatching(errorMessage),
});

/** What each of Meta's status documents makes of the messages it names. */
test.each<[sample: string, rows: Record<string, Row>]>([
  ["composed-status-sent-v24", { [ONLY]: { ...sent, ...billed } }],
  [
    "composed-status-delivered-v24",
    { [ONLY]: { status: "delivered", deliveredAt: at(3), readAt: null, ...billed } },
  ],
  [
    "composed-status-read-v24",
    { [ONLY]: { status: "read", deliveredAt: at(60), readAt: at(60), category: null } },
  ],
  ["composed-duplicate-1", { [ONLY]: { status: "delivered", deliveredAt: at(3), readAt: null, ...billed } }],
  ["composed-duplicate-2", { [ONLY]: { status: "delivered", deliveredAt: at(3), readAt: null, ...billed } }],
  [
    "composed-out-of-order",
    { [ONLY]: { status: "read", sentAt: at(0), deliveredAt: at(3), readAt: at(60), failedAt: null } },
  ],
  ["composed-status-failed-131026", { [ONLY]: failedWith("131026", /./) }],
  ["composed-status-failed-131047", { [ONLY]: failedWith("131047", /24 hours/) }],
  ["composed-status-failed-131050", { [ONLY]: failedWith("131050", /./) }],
  ["composed-status-failed-132015", { [ONLY]: failedWith("132015", /template/i) }],
  [
    "composed-batch-many-statuses-one-change",
    Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`BATCH000${index}=`, sent])),
  ],
  [
    "composed-batch-many-changes-one-entry",
    { "BATCHA=": { status: "delivered", sentAt: at(0), deliveredAt: at(2) } },
  ],
  ["composed-batch-multi-entry-multi-waba", { "W1=": sent, "W2=": untouched }],
  ["composed-batch-unknown-phone-number-id", { [ONLY]: untouched }],
])("%s, sent twice", async (sample, rows) => {
  const account = await connectedAccount();
  const prefix = `wamid.${randomUUID()}`;
  const messages = new Map<string, Awaited<ReturnType<typeof sentMessage>>>();
  for (const wamid of Object.keys(rows)) {
    const whatsappMessageId = `${prefix}${wamid}`;
    messages.set(wamid, await sentMessage(account, { status: "sent", sentAt: at(1), whatsappMessageId }));
  }
  const body = Buffer.from(
    readFileSync(`lib/testing/fixtures/webhooks/${sample}.json`, "utf8")
      .replaceAll("106540352242922", account.phoneNumberId)
      .replaceAll("102290129340398", account.wabaId)
      .replaceAll("wamid.", prefix),
  );

  for (let time = 1; time <= 2; time++) {
    const headers = { "x-hub-signature-256": sign(account.appSecret, body) };
    expect(await endpoint.post(body, headers, `/api/webhooks/${account.userId}`)).toBe(200);
    await finishProcessing();
  }

  for (const [wamid, { message, campaign }] of messages) {
    const { userId } = account;
    const row = await db.message.findUnique({ where: { id: message.id, userId } });
    expect(row).toMatchObject(rows[wamid] ?? {});
    expect(await campaignRepository.get(userId, campaign.id)).toMatchObject({
      sentCount: 0,
      deliveredCount: row?.deliveredAt ? 1 : 0,
      readCount: row?.readAt ? 1 : 0,
      failedCount: row?.failedAt ? 1 : 0,
    });
  }
  const events = await db.webhookEvent.findMany({ where: { userId: account.userId } });
  expect(events.every(({ processed }) => processed)).toBe(true);
});

test.each([
  ["composed-status-failed-131050", "opts the person out", { optedIn: false }, {}],
  ["composed-status-failed-132015", "pauses the campaign", { optedIn: true }, { status: "paused" }],
])("%s %s", async (sample, _, person, campaign) => {
  const account = await connectedAccount();
  const whatsappMessageId = `wamid.${randomUUID()}`;
  const of = await sentMessage(account, { status: "sent", sentAt: at(1), whatsappMessageId });
  const body = Buffer.from(
    readFileSync(`lib/testing/fixtures/webhooks/${sample}.json`, "utf8")
      .replace("106540352242922", account.phoneNumberId)
      .replace("102290129340398", account.wabaId)
      .replace(`wamid.${ONLY}`, whatsappMessageId),
  );

  expect(await endpoint.post(body, { "x-hub-signature-256": sign(account.appSecret, body) })).toBe(200);
  await finishProcessing();

  const { userId } = account;
  expect(await db.contact.findUnique({ where: { id: of.contact.id, userId } })).toMatchObject(person);
  expect(await campaignRepository.get(userId, of.campaign.id)).toMatchObject(campaign);
});
