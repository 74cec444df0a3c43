import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { inboundOf } from "@/lib/inbound/message";
import {
  type Content,
  inboundContent,
  inboundFile,
  outboundContent,
  outboundFile,
  summaryOf,
} from "@/lib/inbox/content";
import { changesOf } from "@/lib/webhook-events/payload";

const media = {
  mediaId: "42",
  kind: "image" as const,
  fileName: "menu.png",
  phoneNumberId: "1",
  uploadedAt: "2026-11-25T00:00:00Z",
};

function received(sample: string): unknown {
  const payload = JSON.parse(readFileSync(`lib/testing/fixtures/webhooks/${sample}.json`, "utf8"));
  return changesOf(payload).flatMap((change) => inboundOf(change, new Date()))[0]?.content;
}

describe("what Meta's own samples say", () => {
  test.each<[string, object, string | RegExp]>([
    ["messages-in-text", { kind: "text" }, /./],
    ["messages-in-button-context", { kind: "choice" }, /./],
    ["messages-in-interactive-button_reply-context", { kind: "choice" }, /./],
    ["messages-in-interactive-list_reply-context", { kind: "choice" }, /./],
    ["messages-in-image", { kind: "media", type: "image", fileName: null }, /./],
    ["messages-in-location", { kind: "location", latitude: expect.any(Number) }, /./],
    [
      "messages-in-contacts",
      { kind: "contacts", people: [{ name: "Lucía Gómez", phones: ["+1 (983) 555-2319"] }] },
      "Lucía Gómez",
    ],
    ["messages-in-order", { kind: "order", items: 3, total: "85.00 USD" }, "An order of 3 items"],
    ["messages-in-reaction", { kind: "reaction", to: expect.stringContaining("wamid.") }, /^Reacted with /],
    ["messages-in-system", { kind: "note" }, /changed from/],
    ["messages-in-unsupported", { kind: "note" }, /does not pass on/],
  ])("%s", (sample, content, summary) => {
    const shown = inboundContent(received(sample));

    expect(shown).toMatchObject(content);
    expect(summaryOf(shown)).toMatch(summary);
  });
});

test.each<[string, unknown, Content]>([
  [
    "a document with its name",
    { type: "document", document: { id: "7", mime_type: "application/pdf", filename: "bill.pdf" } },
    { kind: "media", type: "document", caption: "", fileName: "bill.pdf" },
  ],
  [
    "a voice note",
    { type: "audio", audio: { id: "7", mime_type: "audio/ogg; codecs=opus", voice: true } },
    { kind: "media", type: "audio", caption: "", fileName: null },
  ],
  [
    "a reaction that was taken back",
    { type: "reaction", reaction: { message_id: "wamid.1" } },
    { kind: "reaction", emoji: null, to: "wamid.1" },
  ],
  [
    "an order in two currencies",
    {
      type: "order",
      order: {
        product_items: [
          { quantity: 1, item_price: 2, currency: "EUR" },
          { quantity: 1, item_price: 2, currency: "USD" },
        ],
      },
    },
    { kind: "order", text: "", items: 2, total: null },
  ],
  ["what was deleted", {}, { kind: "note", text: "This message is no longer kept" }],
  ["nothing", null, { kind: "note", text: "This message is no longer kept" }],
  [
    "a file whose id is an address",
    { type: "image", image: { id: "../debug_token", mime_type: "image/png" } },
    { kind: "note", text: "A file that is no longer kept" },
  ],
  ["a text without one", { type: "text", text: 5 }, { kind: "note", text: "An empty message" }],
  ["a name of an object's own", { type: "constructor" }, inboundContent({ type: "unheard_of" })],
])("shows %s", (_, stored, content) => {
  expect(inboundContent(stored)).toEqual(content);
});

test("finds the file of a message in its own direction only", () => {
  const image = { type: "image", image: { id: "7", mime_type: "image/png" } };

  expect(inboundFile(image)).toEqual({ mediaId: "7", fileName: null });
  expect(inboundFile({ type: "text", text: { body: "x" }, media })).toBeNull();
  expect(inboundFile({ type: "image", image: { id: "7/../1" } })).toBeNull();
  expect(outboundFile({ text: "", media })).toEqual({ mediaId: "42", fileName: "menu.png" });
  expect(outboundFile(image)).toBeNull();
});

describe("what was sent", () => {
  const snapshot = {
    components: [
      { type: "BODY", text: "Hi {{1}}" },
      { type: "FOOTER", text: "Reply STOP" },
    ],
  };

  test.each<[string, unknown, unknown, object]>([
    ["a text, braces and all", { text: "See {{1}}" }, null, { kind: "text", text: "See {{1}}" }],
    [
      "an image with its caption",
      { text: "Our menu", media },
      null,
      { kind: "media", type: "image", caption: "Our menu", fileName: "menu.png" },
    ],
    [
      "a template of its own",
      { template: snapshot, parameters: ["Asha"] },
      null,
      { kind: "template", template: { body: "Hi Asha", footer: "Reply STOP" } },
    ],
    [
      "a campaign's",
      { parameters: ["Asha"] },
      snapshot,
      { kind: "template", template: { body: "Hi Asha", footer: "Reply STOP" } },
    ],
    ["what was deleted", {}, null, { kind: "note" }],
    ["what cannot be read", { text: 5, media: 5, template: 5 }, null, { kind: "note" }],
  ])("is shown as it was: %s", (_, stored, of, content) => {
    expect(outboundContent(stored, of)).toMatchObject(content);
  });
});
