import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Parameter } from "@/lib/campaigns/schema";
import type { UserId } from "@/lib/tenant";
import type { Keys } from "@/lib/testing/sandbox";
import { validateRequest } from "@/local/sandbox/contract";

const sandbox = await vi.hoisted(async () => {
  const { createSandbox } = await import("@/local/sandbox/sandbox");
  const listening = await createSandbox({ reviewMs: 0, speed: 0 }).listen();
  process.env.WHATSAPP_SANDBOX_URL = listening.url;
  return listening;
});

vi.mock("@/inngest/client", () => ({ inngest: { send: vi.fn(async () => ({ ids: [] })) } }));

const { createCampaignSchema } = await import("@/lib/campaigns/schema");
const { createCampaign, freezeAudience, launchCampaign } = await import("@/lib/campaigns/service");
const { sql } = await import("@/lib/db");
const { uploadMedia } = await import("@/lib/media/service");
const { messageRepository } = await import("@/lib/messages/repository");
const { sendSlice } = await import("@/lib/lanes/service");
const { createContact, createTemplate, createUser } = await import("@/lib/testing/factories");
const { sandboxAt } = await import("@/lib/testing/sandbox");
const { ask, ledger, connect, approveTemplate: approveAtMeta } = sandboxAt(sandbox.url);

afterAll(() => sandbox.close());

const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const pdf = Buffer.from("%PDF-1.7 an invoice");
const firstName: Parameter = { field: "firstName", fallback: "there" };

type Line = { to: string; body: Record<string, unknown>; message?: { plan: { code?: number }[] } };

let keys: Keys;
let owner: UserId;

beforeEach(async () => {
  owner = await createUser({ messagesPerSecond: 80 });
  keys = await connect(owner);
});

let serial = 1000;
async function addPerson(name: string | null) {
  const phone = `+1415555${serial++}`;
  return { ...(await createContact(owner, { phone, name })), phone };
}

/** Somebody whose window is open, here and in the sandbox. */
async function addWriter(name: string | null, hoursAgo = 1) {
  const person = await addPerson(name);
  await ask("/_sandbox/inbound", { phoneNumberId: keys.phoneNumberId, from: person.phone, text: "Hello" });
  await sql`UPDATE contacts SET "lastInboundAt" = now() - ${hoursAgo} * interval '1 hour' WHERE "id" = ${person.id}`;
  return person.phone;
}

const upload = (bytes: Buffer, fileName: string) =>
  uploadMedia(owner, fileName, new Blob([new Uint8Array(bytes)]).stream());

async function send(input: object) {
  const audience = {};
  const { id } = await createCampaign(
    owner,
    createCampaignSchema.parse({ name: "Campaign", audience, ...input }),
  );
  await launchCampaign(owner, id);
  await freezeAudience(owner, id);
  await sendSlice(owner);
  return id;
}

const sendText = (messageContent: object) => send({ messageType: "text", messageContent });

/** What was posted, each held against Meta's own description of the API, without what every message has. */
async function posted() {
  const bodies = (await ledger<Line>(keys, "request")).map(({ body }) => body);
  for (const body of bodies)
    expect(validateRequest("POST", `/v25.0/${keys.phoneNumberId}/messages`, body)).toEqual([]);
  return bodies
    .map(({ messaging_product, recipient_type, biz_opaque_callback_data, ...rest }) => {
      expect([messaging_product, recipient_type]).toEqual(["whatsapp", "individual"]);
      expect(biz_opaque_callback_data).toEqual(expect.any(String));
      return rest;
    })
    .toSorted((one, other) => String(one.to).localeCompare(String(other.to)));
}

const typesOf = async (campaignId: string) =>
  sql`SELECT DISTINCT "type"::text FROM messages WHERE "userId" = ${owner} AND "campaignId" = ${campaignId}`;

describe("a text campaign", () => {
  test("goes to whoever wrote within 24 hours, and skips everybody else with the reason", async () => {
    const asha = await addWriter("Asha Rao");
    const nameless = await addWriter(null, 23.9);
    await addWriter("Wrote yesterday", 24.1);
    await addPerson("Never wrote");

    const id = await sendText({
      text: "Hi {{first_name}},\n\nsee https://example.com",
      parameters: [firstName],
    });

    const text = (name: string) => ({ body: `Hi ${name},\n\nsee https://example.com`, preview_url: true });
    expect(await posted()).toEqual([
      { to: asha, type: "text", text: text("Asha") },
      { to: nameless, type: "text", text: text("there") },
    ]);
    expect(await messageRepository.countByStatus(owner, id)).toMatchObject({ sent: 2, skipped: 2 });
    const { items } = await messageRepository.listRecipients(owner, id, { state: "skipped" });
    expect(items.map(({ errorMessage }) => errorMessage)).toEqual(
      Array(2).fill(expect.stringContaining("24 hours")),
    );
    expect(await typesOf(id)).toEqual([{ type: "text" }]);
  });

  test("keeps to WhatsApp's own rule, by which it would fail for others later (131047)", async () => {
    const writer = await addWriter("Asha Rao");
    const { phone } = await addPerson("Wrote to us as far as we know");
    await sql`UPDATE contacts SET "lastInboundAt" = now() WHERE "userId" = ${owner} AND "phone" = ${phone}`;

    await sendText({ text: "Hello" });

    const codes = (await ledger<Line>(keys, "answer")).map(({ to, message }) => [
      to,
      message?.plan.flatMap(({ code }) => code ?? []),
    ]);
    expect(Object.fromEntries(codes)).toEqual({ [writer.slice(1)]: [], [phone.slice(1)]: [131047] });
  });

  test("sends an image without a caption, and a document with its name and one", async () => {
    const asha = await addWriter("Asha Rao");
    const image = await upload(png, "photo.png");
    const document = await upload(pdf, "Menü.pdf");

    const first = await sendText({ media: image });
    await sql`UPDATE contacts SET "isBlocked" = true WHERE "userId" = ${owner}`;
    const ravi = await addWriter("Ravi Iyer");
    const caption = { text: "For you, {{first_name}}", parameters: [firstName] };
    const second = await sendText({ ...caption, media: document });

    expect(await posted()).toEqual([
      { to: asha, type: "image", image: { id: image.mediaId } },
      {
        to: ravi,
        type: "document",
        document: { id: document.mediaId, filename: "Menü.pdf", caption: "For you, Ravi" },
      },
    ]);
    expect(await typesOf(first)).toEqual([{ type: "image" }]);
    expect(await typesOf(second)).toEqual([{ type: "document" }]);
    expect(await messageRepository.countByStatus(owner, second)).toMatchObject({ sent: 1 });
  });
});

describe("a template with a file in its header", () => {
  /** As WhatsApp has it, and as it is stored here. */
  async function approveTemplate(format: "IMAGE" | "DOCUMENT", mimeType: string) {
    const authorization = `Bearer ${keys.accessToken}`;
    const session = await ask<{ id: string }>(
      `/${keys.appId}/uploads?file_length=3&file_type=${mimeType}`,
      {},
      { authorization },
    );
    const handle = await ask<{ h: string }>(`/${session.id}`, "abc", { authorization, file_offset: "0" });
    const components = [
      { type: "HEADER", format, example: { header_handle: [handle.h] } },
      { type: "BODY", text: "Hi {{1}}, look at this.", example: { body_text: [["Asha"]] } },
    ];
    const id = await approveAtMeta(keys, "with_file", components);
    return createTemplate(owner, { name: "with_file", components, whatsappTemplateId: id });
  }

  test.each([
    ["IMAGE", "image/png", png, "photo.png", (id: string) => ({ type: "image", image: { id } })],
    [
      "DOCUMENT",
      "application/pdf",
      pdf,
      "menu.pdf",
      (id: string) => ({ type: "document", document: { id, filename: "menu.pdf" } }),
    ],
  ] as const)(
    "sends the %s by its id, to people who never wrote too",
    async (format, mimeType, bytes, fileName, header) => {
      const { phone } = await addPerson("Asha Rao");
      const { id: templateId } = await approveTemplate(format, mimeType);
      const media = await upload(bytes, fileName);

      const id = await send({ templateId, messageContent: { parameters: [firstName], media } });

      expect(await posted()).toEqual([
        {
          to: phone,
          type: "template",
          template: {
            name: "with_file",
            language: { code: "en_US" },
            components: [
              { type: "header", parameters: [header(media.mediaId)] },
              { type: "body", parameters: [{ type: "text", text: "Asha" }] },
            ],
          },
        },
      ]);
      expect(await messageRepository.countByStatus(owner, id)).toMatchObject({ sent: 1 });
      expect(await typesOf(id)).toEqual([{ type: "template" }]);
    },
  );
});
