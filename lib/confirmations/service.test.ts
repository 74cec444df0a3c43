import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import type { UserId } from "@/lib/tenant";
import type { Keys } from "@/lib/testing/sandbox";

const sandbox = await vi.hoisted(async () => {
  const { createSandbox } = await import("@/local/sandbox/sandbox");
  const listening = await createSandbox({ reviewMs: 0, speed: 0 }).listen();
  process.env.WHATSAPP_SANDBOX_URL = listening.url;
  return listening;
});

const { confirmationRepository } = await import("@/lib/confirmations/repository");
const { finishConfirmations, sendConfirmations } = await import("@/lib/confirmations/service");
const { defaultReply } = await import("@/lib/consent/words");
const { db, sql, transaction } = await import("@/lib/db");
const { applyChange } = await import("@/lib/inbound/service");
const { createUser } = await import("@/lib/testing/factories");
const { sandboxAt } = await import("@/lib/testing/sandbox");
const { changesOf } = await import("@/lib/webhook-events/payload");

const { ask, ledger, connect } = sandboxAt(sandbox.url);
afterAll(() => sandbox.close());

let owner: UserId;
let keys: Keys;
beforeEach(async () => {
  owner = await createUser({ confirmsOptOut: true });
  keys = await connect(owner);
});

let people = 200;

/** Somebody unknown, whom the sandbox serves as the last four digits say. */
const person = (last4 = "1000") => `1415${people++}${last4}`;

async function write(sender: string | { from_user_id: string }, text: string, id = randomUUID()) {
  const from = typeof sender === "string" ? { from: sender } : sender;
  // The sandbox knows the window of whoever has written; its own webhook goes nowhere.
  if ("from" in from) await ask("/_sandbox/inbound", { phoneNumberId: keys.phoneNumberId, ...from, text });
  const message = {
    ...{ id: `wamid.${id}`, ...from, type: "text", text: { body: text } },
    timestamp: String(Math.floor(Date.now() / 1000)),
  };
  const value = { metadata: { phone_number_id: keys.phoneNumberId }, messages: [message] };
  const entry = [{ id: keys.wabaId, changes: [{ field: "messages", value }] }];
  for (const change of changesOf({ entry })) await applyChange(owner, change);
  await finishConfirmations();
}

type Line = { body: { to?: string; recipient?: string; text: { body: string } } };
const posted = async () => (await ledger<Line>(keys, "request")).map(({ body }) => body.text.body);
const answers = () =>
  db.message.findMany({ where: { userId: owner, direction: "outbound" }, orderBy: { id: "asc" } });

test("whoever writes STOP is answered once, however often they write it and the webhook comes", async () => {
  const [from, id] = [person(), randomUUID()];

  await write(from, "STOP", id);
  await write(from, "STOP", id);
  await write(from, "stop!");

  expect(await posted()).toEqual([defaultReply([])]);
  expect(await answers()).toMatchObject([
    {
      status: "sent",
      type: "text",
      content: { text: defaultReply([]) },
      whatsappMessageId: expect.any(String),
    },
  ]);
});

test("somebody who shows no number is answered by WhatsApp's id of them", async () => {
  const told = { phoneNumberId: keys.phoneNumberId, from: "+14155550014", text: "STOP" };
  const { userId: waUserId } = await ask<{ userId: string }>("/_sandbox/inbound", told);

  await write({ from_user_id: waUserId }, "STOP");

  expect(await ledger<Line>(keys, "request")).toMatchObject([
    { body: { recipient: waUserId, text: { body: defaultReply([]) } } },
  ]);
  expect(await answers()).toMatchObject([{ status: "sent" }]);
});

test("every further opt-out is answered, in the account's own words", async () => {
  const from = person();
  await sql`UPDATE users SET "optOutReply" = 'Bye!' WHERE "id" = ${owner}`;
  await sql`
    INSERT INTO contacts ("userId", "phone", "optedIn", "optedInAt") VALUES (${owner}, ${`+${from}`}, true, '2025-01-01')`;

  await write(from, "STOP");
  await sql`UPDATE contacts SET "optedOutAt" = "optedOutAt" - interval '1 minute' WHERE "userId" = ${owner}`;
  await write(from, "START");
  await sql`UPDATE contacts SET "optedInAt" = "optedInAt" - interval '1 minute' WHERE "userId" = ${owner}`;
  await write(from, "STOP");

  expect(await posted()).toEqual(["Bye!", "Bye!"]);
});

test("nobody is answered unless the account wants it", async () => {
  await sql`UPDATE users SET "confirmsOptOut" = false WHERE "id" = ${owner}`;

  await write(person(), "STOP");

  expect(await posted()).toEqual([]);
  expect(await answers()).toEqual([]);
});

test("a refusal for the person or the whole account ends it; the opt-out stands", async () => {
  await ask(`/_sandbox/accounts/${keys.wabaId}`, { state: "locked" });

  await write(person(), "STOP");

  expect(await answers()).toMatchObject([{ status: "failed", errorCode: "131031" }]);
  expect(await db.contact.findMany({ where: { userId: owner } })).toMatchObject([
    { optedIn: false, optedOutAt: expect.any(Date) },
  ]);
});

test("what could not be sent now is sent by the sweep, and skipped after a quarter of an hour", async () => {
  const [soon, late] = [person("0429"), person("0429")];
  for (const from of [soon, late]) await write(from, "STOP");
  expect((await answers()).map(({ status }) => status)).toEqual(["queued", "queued"]);
  await sql`UPDATE messages SET "notBefore" = now() - interval '1 second' WHERE "userId" = ${owner} AND "status" = 'queued'`;
  await sql`
    UPDATE messages SET "createdAt" = now() - interval '16 minutes' FROM contacts
    WHERE messages."contactId" = contacts."id" AND contacts."userId" = ${owner} AND "phone" = ${`+${late}`}`;

  await sendConfirmations();

  expect((await answers()).map(({ status }) => status)).toEqual(["sent", "skipped"]);
});

test("an account whose secrets cannot be opened keeps its own back and nobody else's", async () => {
  const broken = await createUser({ confirmsOptOut: true });
  await connect(broken);
  await sql`UPDATE users SET "accessToken" = 'v1.unknown.a.b.c' WHERE "id" = ${broken}`;
  const queue = async (userId: UserId) => {
    const phone = `+${person()}`;
    const { id } = await db.contact.create({ data: { userId, phone, lastInboundAt: new Date() } });
    await ask("/_sandbox/inbound", { phoneNumberId: keys.phoneNumberId, from: phone.slice(1), text: "STOP" });
    await confirmationRepository.queue(userId, id, "Bye!");
  };
  await queue(broken);
  // More than are on their way at once.
  for (let waiting = 0; waiting < 12; waiting += 1) await queue(owner);

  await sendConfirmations();

  expect((await answers()).map(({ status }) => status)).toEqual(Array(12).fill("sent"));
  expect(await db.message.findMany({ where: { userId: broken } })).toMatchObject([
    { status: "queued", notBefore: expect.any(Date) },
  ]);
});

test("each goes to one of many senders at once, as sending, before anything is posted", async () => {
  const waiting = await db.contact.create({
    data: { userId: owner, phone: `+${person()}`, lastInboundAt: new Date() },
  });
  await confirmationRepository.queue(owner, waiting.id, "Bye!");

  const whileTaken = await transaction(async (run) => {
    await run`SELECT "id" FROM messages WHERE "userId" = ${owner} FOR UPDATE`;
    return confirmationRepository.claimOfAllTenants(10);
  });
  expect(whileTaken.filter(({ userId }) => userId === owner)).toEqual([]);
  const claims = await Promise.all(
    Array.from({ length: 6 }, () => confirmationRepository.claimOfAllTenants(10)),
  );

  expect(claims.flat().filter(({ userId }) => userId === owner)).toHaveLength(1);
  expect(await answers()).toMatchObject([{ status: "sending", claimedAt: expect.any(Date) }]);
});

test("outside the open window nothing is queued", async () => {
  const lastInboundAt = new Date(Date.now() - 25 * 3_600_000);
  const { id } = await db.contact.create({ data: { userId: owner, phone: `+${person()}`, lastInboundAt } });

  expect(await confirmationRepository.queue(owner, id, "Bye!")).toBe(false);
});
