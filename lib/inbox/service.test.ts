import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { UserId } from "@/lib/tenant";
import type { Keys } from "@/lib/testing/sandbox";
import { validateRequest } from "@/local/sandbox/contract";

const sandbox = await vi.hoisted(async () => {
  const { createSandbox } = await import("@/local/sandbox/sandbox");
  const listening = await createSandbox({ reviewMs: 0, speed: 0 }).listen();
  process.env.WHATSAPP_SANDBOX_URL = listening.url;
  return listening;
});

const { consentRepository } = await import("@/lib/consent/repository");
const { sql, transaction } = await import("@/lib/db");
const { newId } = await import("@/lib/inbox/conversation");
const { inboxRepository } = await import("@/lib/inbox/repository");
const { replySchema } = await import("@/lib/inbox/schema");
const { openFile, sendReply } = await import("@/lib/inbox/service");
const { uploadMedia } = await import("@/lib/media/service");
const { createContact, createMessage, createTemplate, createUser } = await import("@/lib/testing/factories");
const { sandboxAt } = await import("@/lib/testing/sandbox");
const { bodyOf, change, sign, status } = await import("@/lib/testing/webhooks");
const { ingestWebhook } = await import("@/lib/webhook-events/service");

const { ask, ledger, connect, approveTemplate } = sandboxAt(sandbox.url);
afterAll(() => sandbox.close());

const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const components = [
  { type: "BODY", text: "Hi {{1}}, your order is ready.", example: { body_text: [["Asha"]] } },
];

let keys: Keys;
let owner: UserId;
beforeEach(async () => {
  owner = await createUser();
  keys = await connect(owner);
});

let serial = 1000;
/** Somebody who wrote this long ago; the last four digits of the number decide what the sandbox does. */
async function addWriter({ hoursAgo = 1, last4 = String(serial++), ...overrides } = {}) {
  const phone = `+1415555${last4}`;
  const lastInboundAt = new Date(Date.now() - hoursAgo * 3_600_000);
  const person = await createContact(owner, { phone, lastInboundAt, ...overrides });
  await ask("/_sandbox/inbound", { phoneNumberId: keys.phoneNumberId, from: phone, text: "Hello" });
  return { ...person, phone };
}

const free = (input: object = {}) =>
  replySchema.parse({ kind: "free", id: newId(), text: "Hi Asha", ...input });
const send = (contactId: string, input: object = {}) => sendReply(owner, contactId, free(input));
async function utility() {
  const name = "order_ready";
  const whatsappTemplateId = await approveTemplate(keys, name, components);
  return createTemplate(owner, { name, components, category: "utility", whatsappTemplateId });
}

type Line = { body: { to?: string; recipient?: string; biz_opaque_callback_data?: string } };
/** What was posted, each held against Meta's own description of the API. */
async function posted() {
  const bodies = (await ledger<Line>(keys, "request")).map(({ body }) => body);
  // That description is older than the ids of people who show no number.
  for (const body of bodies.filter(({ to }) => to !== undefined))
    expect(validateRequest("POST", `/v25.0/${keys.phoneNumberId}/messages`, body)).toEqual([]);
  return bodies;
}

describe("a reply", () => {
  test("goes out with its id, and what WhatsApp reports moves it", async () => {
    const { id, phone } = await addWriter();
    const reply = free({ text: "Yes, see https://example.com\n{{1}}" });

    expect(await sendReply(owner, id, reply)).toEqual({ id: reply.id, status: "sent", errorMessage: null });

    expect(await posted()).toEqual([
      {
        messaging_product: "whatsapp",
        recipient_type: "individual",
        biz_opaque_callback_data: reply.id,
        to: phone,
        type: "text",
        text: { body: "Yes, see https://example.com\n{{1}}", preview_url: true },
      },
    ]);
    const { appSecret, phoneNumberId, wabaId } = keys;
    const body = bodyOf(
      change({ userId: owner, appSecret, phoneNumberId, wabaId }, { statuses: [status(reply.id, "read")] }),
    );
    expect(await ingestWebhook(body, sign(appSecret, body))).toBe(200);
    expect(await inboxRepository.findReply(owner, id, reply.id)).toMatchObject({ status: "read" });
  });

  test("that comes many times at once, and again later, is posted once", async () => {
    const { id } = await addWriter();
    const reply = free();

    let sending: Promise<unknown> | undefined;
    // None is quick enough to be found by the next: all have looked for it before the first may write it down.
    await transaction(async (run) => {
      await run`SELECT FROM contacts WHERE "id" = ${id} FOR UPDATE`;
      sending = Promise.all(Array.from({ length: 4 }, () => sendReply(owner, id, reply)));
      await untilWaiting(4);
    });
    await sending;
    await sql`UPDATE contacts SET "lastInboundAt" = NULL, "isBlocked" = true WHERE "id" = ${id}`;

    expect(await sendReply(owner, id, reply)).toMatchObject({ id: reply.id, status: "sent" });
    expect(await posted()).toHaveLength(1);
  });

  test("to somebody who shows no number goes to WhatsApp's id of them", async () => {
    const { userId: waUserId } = await ask<{ userId: string }>("/_sandbox/inbound", {
      phoneNumberId: keys.phoneNumberId,
      from: "+14155550014",
    });
    const { id } = await createContact(owner, { phone: null, waUserId, lastInboundAt: new Date() });

    expect(await send(id)).toMatchObject({ status: "sent" });

    expect(await posted()).toMatchObject([{ recipient: waUserId }]);
    expect((await posted())[0]).not.toHaveProperty("to");
  });

  test("may be an image, which then can be looked at here", async () => {
    const { id } = await addWriter();
    const media = await uploadMedia(owner, "menu.png", new Blob([new Uint8Array(png)]).stream());

    const { id: replyId } = await send(id, { text: "Our menu", media });

    expect(await posted()).toMatchObject([
      { type: "image", image: { id: media.mediaId, caption: "Our menu" } },
    ]);
    const { bytes, ...file } = await openFile(owner, replyId);
    expect(file).toMatchObject({ mimeType: "image/png", fileName: "menu.png" });
    expect(await readAll(bytes)).toEqual(png);
  });

  test("does not use a file of another number", async () => {
    const { id } = await addWriter();
    const media = await uploadMedia(owner, "menu.png", new Blob([new Uint8Array(png)]).stream());
    keys = await connect(owner);

    await expect(send(id, { media })).rejects.toMatchObject({ fields: { media: [/another phone number/] } });
    expect(await posted()).toEqual([]);
  });

  test("is not sent when somebody opted out or the window closed since the page was read", async () => {
    const [away, stopped] = [await addWriter({ hoursAgo: 23 }), await addWriter({ hoursAgo: 30 })];
    const { id: templateId } = await utility();
    await sql`UPDATE contacts SET "lastInboundAt" = now() - interval '24 hours' WHERE "id" = ${away.id}`;
    await consentRepository.set(owner, stopped.id, { action: "opt_out", source: "keyword" });

    await expect(send(away.id)).rejects.toMatchObject({ code: "CONFLICT", message: /24 hours/ });
    const filledIn = replySchema.parse({ kind: "template", id: newId(), templateId, parameters: ["Asha"] });
    await expect(sendReply(owner, stopped.id, filledIn)).rejects.toMatchObject({ message: /opted out/ });

    expect(await posted()).toEqual([]);
  });

  test.each<[string, string, string, RegExp]>([
    ["refused for too many", "0056", "failed", /in a short time\. Send it again in a minute/],
    ["refused while WhatsApp has a problem", "0500", "failed", /internal problem/],
    ["without an answer", "0504", "unknown", /do not know whether WhatsApp got/],
  ])("%s is told in plain words and never sent again by itself", async (_, last4, outcome, words) => {
    const { id } = await addWriter({ last4 });
    const reply = free();

    const state = await sendReply(owner, id, reply);

    expect(state).toEqual({ id: reply.id, status: outcome, errorMessage: expect.stringMatching(words) });
    expect(await sendReply(owner, id, reply)).toEqual(state);
    expect(await posted()).toHaveLength(1);
    const queued = await sql`SELECT FROM messages WHERE "id" = ${reply.id} AND "notBefore" IS NOT NULL`;
    expect(queued).toEqual([]);
  });

  test("that never left has failed", async () => {
    const { id } = await addWriter();
    const { env } = await import("@/lib/env");
    vi.spyOn(env, "WHATSAPP_SANDBOX_URL", "get").mockReturnValue("http://127.0.0.1:9");

    expect(await send(id)).toMatchObject({ status: "failed", errorMessage: /could not be reached/ });
  });

  test("wants a connection", async () => {
    const { id } = await addWriter();
    await sql`UPDATE users SET "accessToken" = '' WHERE "id" = ${owner}`;

    await expect(send(id)).rejects.toMatchObject({ code: "CONFLICT", message: /not connected/ });
  });
});

describe("a template", () => {
  const sendTemplate = (contactId: string, templateId: string, input: object = {}) =>
    sendReply(
      owner,
      contactId,
      replySchema.parse({ kind: "template", id: newId(), templateId, parameters: ["Asha"], ...input }),
    );

  test("goes out after the window and is kept as it was then", async () => {
    const { id, phone } = await addWriter({ hoursAgo: 48 });
    const { id: templateId } = await utility();

    expect(await sendTemplate(id, templateId)).toMatchObject({ status: "sent" });
    await sql`UPDATE templates SET "components" = '[]' WHERE "id" = ${templateId}`;

    expect(await posted()).toMatchObject([
      {
        to: phone,
        type: "template",
        template: {
          name: "order_ready",
          components: [{ type: "body", parameters: [{ type: "text", text: "Asha" }] }],
        },
      },
    ]);
    expect((await inboxRepository.listEntries(owner, id)).items).toMatchObject([
      { content: { kind: "template", template: { body: "Hi Asha, your order is ready." } } },
    ]);
  });

  test("needs all its values, its file, and to be the account's own", async () => {
    const { id } = await addWriter();
    const { id: templateId } = await utility();
    const withFile = await createTemplate(owner, {
      components: [{ type: "HEADER", format: "IMAGE" }, ...components],
    });
    const foreign = await createTemplate(await createUser());

    for (const [which, input, field] of [
      [templateId, { parameters: [] }, "parameters"],
      [withFile.id, {}, "media"],
      [foreign.id, {}, "templateId"],
    ] as const)
      await expect(sendTemplate(id, which, input)).rejects.toHaveProperty(["fields", field]);
    expect(await posted()).toEqual([]);
  });
});

describe("a file", () => {
  const receive = async (content: object) => {
    const { id } = await createContact(owner);
    return (
      await createMessage(owner, null, id, {
        direction: "inbound",
        type: "image",
        content,
        status: "delivered",
      })
    ).id;
  };

  test("that somebody sent is handed on to the owner, and to nobody else", async () => {
    const media = await uploadMedia(owner, "photo.png", new Blob([new Uint8Array(png)]).stream());
    const messageId = await receive({ type: "image", image: { id: media.mediaId, mime_type: "image/png" } });

    expect(await readAll((await openFile(owner, messageId)).bytes)).toEqual(png);

    const stranger = await createUser();
    await connect(stranger);
    await expect(openFile(stranger, messageId)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("that belongs to another account at WhatsApp is not handed out, whatever a message says", async () => {
    const media = await uploadMedia(owner, "photo.png", new Blob([new Uint8Array(png)]).stream());
    owner = await createUser();
    await connect(owner);
    const messageId = await receive({ type: "image", image: { id: media.mediaId, mime_type: "image/png" } });

    await expect(openFile(owner, messageId)).rejects.toMatchObject({ name: "AppError" });
  });

  test("is not looked for in a message without one", async () => {
    await expect(
      openFile(owner, await receive({ type: "text", text: { body: "Hi" } })),
    ).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

/** Until so many claims stand still behind a lock. */
async function untilWaiting(count: number) {
  for (;;) {
    const waiting = await sql`
      SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%WITH person AS%'
        AND datname = current_database()`;
    if (waiting.length >= count) return;
  }
}

async function readAll(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}
