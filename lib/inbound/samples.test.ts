import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { db } from "@/lib/db";
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

/** Sends one of Meta's documents, as one for this account, through the real endpoint. */
async function send(sample: string, wamids: string) {
  const body = Buffer.from(
    readFileSync(`lib/testing/fixtures/webhooks/${sample}.json`, "utf8")
      .replaceAll("106540352242922", account.phoneNumberId)
      .replace(/"id": "(102290129340398|419561257915477)"/g, `"id": "${account.wabaId}"`)
      .replaceAll("wamid.", `wamid.${wamids}`),
  );
  const headers = { "x-hub-signature-256": sign(account.appSecret, body) };
  expect(await endpoint.post(body, headers)).toBe(200);
  await finishProcessing();
}

/** In the order in which they came to be. */
const rowsOf = async ({ userId }: Account) => {
  const orderBy = { id: "asc" } as const;
  return {
    contacts: await db.contact.findMany({ where: { userId }, omit: { updatedAt: true }, orderBy }),
    messages: await db.message.findMany({ where: { userId }, omit: { updatedAt: true }, orderBy }),
    consent: await db.consentEvent.findMany({ where: { userId }, orderBy }),
    events: await db.webhookEvent.findMany({ where: { userId, processed: false }, orderBy }),
  };
};

const sheena = {
  phone: "+16505551234",
  name: "Sheena Nelson",
  optInSource: "webhook",
  optedIn: false,
} as const;
const file = (type: string, fields: object = {}) => ({
  type,
  [type]: { id: expect.any(String), mime_type: expect.any(String), sha256: expect.any(String), ...fields },
});

/** What each of Meta's documents becomes: the nearest of our types, and its own content. */
test.each<[sample: string, type: string, content: object]>([
  ["messages-in-text", "text", { type: "text", text: { body: expect.any(String) } }],
  ["messages-in-text-context", "text", { context: { id: expect.stringContaining("wamid.") } }],
  ["messages-in-text-referral", "text", { referral: { source_type: expect.any(String) } }],
  ["messages-in-button-context", "text", { type: "button", button: { payload: expect.any(String) } }],
  [
    "messages-in-interactive-button_reply-context",
    "text",
    { interactive: { type: "button_reply", button_reply: { id: expect.any(String) } } },
  ],
  [
    "messages-in-interactive-list_reply-context",
    "text",
    { interactive: { type: "list_reply", list_reply: { title: expect.any(String) } } },
  ],
  [
    "composed-in-interactive-nfm_reply",
    "text",
    { interactive: { type: "nfm_reply", nfm_reply: { response_json: expect.any(String) } } },
  ],
  ["messages-in-image", "image", file("image")],
  ["composed-in-video", "document", file("video", { caption: "Look" })],
  ["composed-in-audio-voice", "document", file("audio", { voice: true })],
  ["composed-in-document", "document", file("document", { filename: "order.pdf" })],
  ["composed-in-sticker", "image", file("sticker", { animated: false })],
  ["messages-in-location", "text", { location: { latitude: expect.any(Number) } }],
  ["messages-in-contacts", "text", { contacts: [{ name: expect.any(Object) }] }],
  ["messages-in-order", "text", { order: { product_items: [{}, {}] } }],
  ["messages-in-reaction", "text", { reaction: { message_id: expect.any(String) } }],
  ["messages-in-unsupported", "text", { type: "unsupported", errors: [{ code: 131051 }] }],
  ["composed-in-edit", "text", { type: "edit", edit: { original_message_id: expect.any(String) } }],
  ["composed-in-revoke", "text", { type: "revoke", revoke: { original_message_id: expect.any(String) } }],
  ["composed-in-type-of-2027", "text", { type: "hologram", hologram: { depth: 3 } }],
])("%s becomes one inbound message of somebody who has agreed to nothing", async (sample, type, content) => {
  const wamids = randomUUID();

  await send(sample, wamids);
  const first = await rowsOf(account);
  await send(sample, wamids);

  expect(first).toMatchObject({
    contacts: [{ ...sheena, lastInboundAt: expect.any(Date) }],
    messages: [{ direction: "inbound", status: "delivered", type, content }],
    // Meta's own examples of buttons are called Unsubscribe and Cancel.
    consent: sample.includes("button") ? [{ action: "opt_out", source: "button" }] : [],
    events: [],
  });
  expect(JSON.stringify(first.messages)).not.toContain("lookaside");
  expect(await rowsOf(account)).toEqual(first);
});

test("a new number moves the person along, with what they agreed to", async () => {
  const { userId } = account;
  await db.contact.create({ data: { userId, phone: "+16505551234", name: "Sheena", optedIn: true } });
  const wamids = randomUUID();

  await send("messages-in-system", wamids);
  const first = await rowsOf(account);
  await send("messages-in-system", wamids);

  expect(first).toMatchObject({
    contacts: [{ phone: "+12195555358", waId: "12195555358", optedIn: true, lastInboundAt: null }],
    messages: [{ content: { type: "system", system: { type: "user_changed_number" } } }],
  });
  expect(await rowsOf(account)).toEqual(first);
});

test("a new id of Meta's is the same person's", async () => {
  const { userId } = account;
  await db.contact.create({ data: { userId, waUserId: "US.13491208655302741918", optedIn: true } });

  await send("composed-in-system-user_changed_user_id", randomUUID());

  expect((await rowsOf(account)).contacts).toMatchObject([
    { waUserId: "US.77777777777777777777", optedIn: true },
  ]);
});

const keyword = (wording: string) => [{ action: "opt_out", source: "keyword", wording }];
const settings = (action: string) => ({ action, source: "whatsapp_settings", wording: expect.any(String) });

/** From a person who had agreed. */
test.each<[samples: string[], optedIn: boolean, consent: object[]]>([
  [["composed-in-text-STOP"], false, keyword("STOP")],
  [["composed-in-text-STOP-noisy"], false, keyword(expect.any(String) as unknown as string)],
  [["composed-in-text-STOP-username-no-phone"], false, keyword("STOP")],
  [["composed-in-button-STOP"], false, [{ action: "opt_out", source: "button", wording: "Stop promotions" }]],
  [["composed-in-interactive-button_reply-STOP"], false, [{ source: "button", wording: "Unsubscribe" }]],
  [
    ["composed-in-text-STOP", "composed-in-text-START"],
    true,
    [...keyword("STOP"), { action: "opt_in", source: "keyword", wording: "Start" }],
  ],
  [["composed-in-text-dont-stop"], true, []],
  [["composed-user_preferences-stop"], false, [settings("opt_out")]],
  [
    ["composed-user_preferences-stop", "composed-user_preferences-resume"],
    true,
    [settings("opt_out"), settings("opt_in")],
  ],
  [["composed-in-text-STOP", "composed-user_preferences-resume"], false, keyword("STOP")],
  [
    ["composed-in-text-STOP", "composed-user_preferences-signup"],
    true,
    [...keyword("STOP"), settings("opt_in")],
  ],
])("%j, each sent twice, leave the person opted in: %s", async (samples, optedIn, consent) => {
  const { userId } = account;
  const ids = { phone: "+16505551234", waUserId: "US.13491208655302741918" };
  const agreed = { optedIn: true, optedInAt: new Date("2025-01-01") };
  await db.contact.create({ data: { userId, ...ids, ...agreed } });
  const wamids = randomUUID();

  for (const sample of [...samples, ...samples]) await send(sample, wamids);

  expect(await rowsOf(account)).toMatchObject({ contacts: [{ ...ids, optedIn }], consent, events: [] });
});

test("a stop that comes late leaves two people apart, and holds for the number unless its owner agreed since", async () => {
  const { userId } = account;
  const waUserId = "US.13491208655302741918";
  const agreedAt = { optedIn: true, optedInAt: new Date("2025-01-01") };
  const earlier = await db.contact.create({ data: { userId, waUserId, ...agreedAt } });
  const owner = { userId, phone: "+16505551234", lastInboundAt: new Date() };
  const { id } = await db.contact.create({ data: { ...owner, ...agreedAt } });

  await send("composed-user_preferences-stop", randomUUID());

  const left = { optedIn: false, optedOutAt: expect.any(Date) };
  expect(await rowsOf(account)).toMatchObject({
    contacts: [
      { id: earlier.id, phone: null, waUserId, ...left },
      { id, phone: "+16505551234", waUserId: null, ...left },
    ],
  });

  await db.contact.update({
    where: { userId, id },
    data: { optedIn: true, optedOutAt: null, optedInAt: new Date(), optInSource: "manual" },
  });
  await send("composed-in-text-STOP", randomUUID());
  expect(await db.contact.findUnique({ where: { userId, id } })).toMatchObject({ optedIn: true });
});

test("a STOP to one business is none to another, though the number is the same", async () => {
  const other = await connectedAccount();
  for (const { userId } of [account, other])
    await db.contact.create({
      data: { userId, phone: "+16505551234", optedIn: true, optedInAt: new Date(0) },
    });

  await send("composed-in-text-STOP", randomUUID());

  expect(await rowsOf(account)).toMatchObject({ contacts: [{ optedIn: false }] });
  expect(await rowsOf(other)).toMatchObject({ contacts: [{ optedIn: true }], consent: [], messages: [] });
});

test("a sign-up in WhatsApp is the agreement of somebody unknown", async () => {
  await send("composed-user_preferences-signup", randomUUID());

  expect(await rowsOf(account)).toMatchObject({
    contacts: [{ phone: "+16505551234", optedIn: true, optInSource: "webhook" }],
    consent: [settings("opt_in")],
  });
});
