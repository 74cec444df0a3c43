import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { campaignRepository } from "@/lib/campaigns/repository";
import { db, sql } from "@/lib/db";
import { laneRepository } from "@/lib/lanes/repository";
import { messageRepository } from "@/lib/messages/repository";
import { type Claimed, givenBack, lost, type Settlement, sent } from "@/lib/messages/settlement";
import { createCampaign, createContact, createMessage } from "@/lib/testing/factories";
import { type Account, bodyOf, change, connectedAccount, openEndpoint, sign } from "@/lib/testing/webhooks";
import { finishProcessing } from "@/lib/webhook-events/service";

let endpoint: Awaited<ReturnType<typeof openEndpoint>>;
beforeAll(async () => {
  endpoint = await openEndpoint();
});
afterAll(() => endpoint.close());

const lane = randomUUID();
let account: Account;
let campaignId: string;
beforeEach(async () => {
  account = await connectedAccount();
  await laneRepository.acquire(account.userId, lane);
  const now = new Date();
  ({ id: campaignId } = await createCampaign(account.userId, {
    ...{ status: "processing", startedAt: now, runSince: now, frozenAt: now },
  }));
});

type Person = { contactId: string; messageId: string; phone: string };

async function invite(): Promise<Person> {
  const { id: contactId, phone } = await createContact(account.userId);
  const { id: messageId } = await createMessage(account.userId, campaignId, contactId);
  return { contactId, messageId, phone: phone ?? "" };
}

/** STOP from WhatsApp to the database; returns when it is in force. */
async function stop({ phone }: Person): Promise<void> {
  const message = { id: `wamid.${randomUUID()}`, from: phone.slice(1), type: "text", text: { body: "Stop" } };
  const timestamp = String(Math.floor(Date.now() / 1000));
  const body = bodyOf(change(account, { messages: [{ ...message, timestamp }] }));
  expect(await endpoint.post(body, { "x-hub-signature-256": sign(account.appSecret, body) })).toBe(200);
  await finishProcessing();
}

const claim = async (size = 100) =>
  (
    await messageRepository.claim(account.userId, campaignId, {
      ...{ owner: lane, size, after: null, isLimited: false },
    })
  ).claimed;
const settle = (...settlements: Settlement[]) => messageRepository.settle(account.userId, settlements);
const rowOf = ({ messageId: id }: Person) =>
  db.message.findUniqueOrThrow({ where: { userId: account.userId, id } });
const skipped = { status: "skipped", errorMessage: "Opted out before the message was sent", notBefore: null };
const makeDue = () =>
  sql`UPDATE messages SET "notBefore" = now() - interval '1 second' WHERE "userId" = ${account.userId} AND "notBefore" IS NOT NULL`;

async function claimOne(): Promise<Claimed> {
  const [message] = await claim();
  if (!message) throw new Error("nothing was claimed");
  return message;
}

describe("STOP", () => {
  test("before the claim takes the message out of the queue, and nobody else's", async () => {
    const [person, other] = [await invite(), await invite()];

    await stop(person);

    expect(await rowOf(person)).toMatchObject(skipped);
    expect((await claim()).map(({ id }) => id)).toEqual([other.messageId]);
  });

  test("of whoever is added to a campaign at that moment is seen by the claim", async () => {
    const person = await invite();
    await stop(person);
    await sql`
      UPDATE messages SET status = 'queued', "notBefore" = now() - interval '1 second', "errorMessage" = NULL
      WHERE id = ${person.messageId}`;

    expect(await claim()).toEqual([]);
    expect(await rowOf(person)).toMatchObject(skipped);
  });

  test.each([
    ["given back before it was posted", (message: Claimed) => givenBack(message)],
    ["refused for now", (message: Claimed) => givenBack(message, { delayMs: 1, isTry: true })],
  ])("between the claim and its end: a message that is %s is not claimed again", async (_, end) => {
    const person = await invite();
    const message = await claimOne();

    await stop(person);
    expect(await rowOf(person)).toMatchObject({ status: "sending" });
    await settle(end(message));
    await makeDue();

    expect(await claim()).toEqual([]);
    expect(await rowOf(person)).toMatchObject(skipped);
  });

  test("between the claim and its end: a message that is accepted was sent", async () => {
    const person = await invite();
    const message = await claimOne();

    await stop(person);
    await settle(sent(message, "wamid.accepted"));

    expect(await rowOf(person)).toMatchObject({ status: "sent", whatsappMessageId: "wamid.accepted" });
  });

  test("after the answer was lost: sending it anyway sends it to nobody who opted out", async () => {
    const person = await invite();
    await settle(lost(await claimOne()));

    await stop(person);
    expect(await campaignRepository.requeueUnknown(account.userId, campaignId)).toBe(1);

    expect(await claim()).toEqual([]);
    expect(await rowOf(person)).toMatchObject(skipped);
  });
});

test("while claims run: whatever a claim takes that begins after an opt-out is in force is not that person's", async () => {
  const people = await Promise.all(Array.from({ length: 120 }, invite));
  const inForce = new Map<string, number>();
  const claims: { began: number; ids: string[] }[] = [];
  let isOver = false;

  const sender = async (which: number) => {
    for (let round = which; !isOver; round += 1) {
      const began = performance.now();
      const messages = await claim(3);
      claims.push({ began, ids: messages.map(({ id }) => id) });
      // Most are refused for now, so that they come back to the queue and are claimed again and again.
      await settle(
        ...messages.map((each) => (round % 5 === 0 ? sent(each, `wamid.${each.id}`) : givenBack(each))),
      );
    }
  };
  const senders = [0, 1, 2].map(sender);
  const leaving = people.filter((_, index) => index % 2 === 0);
  for (let index = 0; index < leaving.length; index += 4) {
    await Promise.all(
      leaving.slice(index, index + 4).map(async (person) => {
        await stop(person);
        inForce.set(person.messageId, performance.now());
      }),
    );
  }
  isOver = true;
  await Promise.all(senders);
  await claim(500);

  const late = claims.flatMap(({ began, ids }) => ids.filter((id) => began > (inForce.get(id) ?? Infinity)));
  expect(late).toEqual([]);
  expect(claims.flatMap(({ ids }) => ids).length).toBeGreaterThan(people.length);
  for (const person of leaving) expect((await rowOf(person)).status).toMatch(/^(skipped|sent)$/);
  const rows = await Promise.all(leaving.map(rowOf));
  expect(rows.filter(({ status }) => status === "skipped").length).toBeGreaterThan(0);
});
