import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { inboundOf } from "@/lib/inbound/message";
import { changesOf } from "@/lib/webhook-events/payload";

const folder = "lib/testing/fixtures/webhooks";
const sample = (name: string): unknown => JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8"));
const now = new Date("2026-11-22T00:00:00Z");

test("reads a STOP with its sender", () => {
  const [inbound] = changesOf(sample("composed-in-text-STOP")).flatMap((change) => inboundOf(change, now));

  expect(inbound).toMatchObject({
    waId: "16505551234",
    name: "Sheena Nelson",
    words: { source: "keyword", texts: ["STOP"] },
    type: "text",
  });
});

test.each([
  [" Asha \n  Rao\t", "Asha Rao"],
  [" \n ", null],
])("keeps a name as one line: %j", (name, kept) => {
  const value = {
    contacts: [{ wa_id: "16505551234", profile: { name } }],
    messages: [{ id: "wamid.1", type: "text", from: "16505551234", text: { body: "Hi" } }],
  };

  const change = { field: "messages", value, wabaId: "1", phoneNumberId: null, at: null };
  expect(inboundOf(change, now)).toMatchObject([{ name: kept }]);
});

test("reads a sender who hides the number", () => {
  const [inbound] = changesOf(sample("composed-in-text-STOP-username-no-phone")).flatMap((change) =>
    inboundOf(change, now),
  );

  expect(inbound).toMatchObject({
    waId: null,
    waUserId: expect.stringContaining("US."),
    words: { source: "keyword", texts: [expect.any(String)] },
  });
});

test("reads a tapped quick reply", () => {
  const [inbound] = changesOf(sample("composed-in-button-STOP")).flatMap((change) => inboundOf(change, now));

  expect(inbound?.words.texts.join()).toMatch(/stop/i);
});

test("reads a message without a time as one of now, and one without an id not at all", () => {
  const messages = [
    { id: "wamid.1", from: "16505551234", type: "text", text: { body: "Hi" } },
    { from: "16505551234" },
  ];
  const entry = [{ id: "1", changes: [{ field: "messages", value: { messages } }] }];

  expect(changesOf({ entry }).flatMap((change) => inboundOf(change, now))).toMatchObject([
    { whatsappMessageId: "wamid.1", at: now },
  ]);
});

test.each([
  ["  Asha\n\t Rao\u0007 ", "Asha Rao"],
  ["👍🏽", "👍🏽"],
  ["   ", null],
  ["\u200b\u3164\ufe0f", null],
  [`${"x".repeat(199)}👍`, "x".repeat(199)],
])("a sender's name is one line that can be seen, or none: %j", (profileName, name) => {
  const messages = [{ id: "wamid.1", from: "16505551234", type: "text", text: { body: "Hi" } }];
  const contacts = [{ wa_id: "16505551234", profile: { name: profileName } }];
  const entry = [{ id: "1", changes: [{ field: "messages", value: { messages, contacts } }] }];

  const [inbound] = changesOf({ entry }).flatMap((change) => inboundOf(change, now));

  expect(inbound?.name).toBe(name);
});
