import { afterAll, beforeAll, expect, test } from "vitest";
import { unmetContradictions, validateRequest, validateResponse, validateWebhook } from "./contract";
import { envelopeTo, offer, offerTo, openStage, textTo, until } from "./testing";

let stage: Awaited<ReturnType<typeof openStage>>;
beforeAll(async () => {
  stage = await openStage();
}, 30_000);
afterAll(() => stage.close());

const one = "/{Version}/{Phone-Number-ID}";
const file = "/{Version}/{Media-ID}";
const waba = "/{Version}/{WABA-ID}";

test("notices what Meta's description forbids", () => {
  expect(
    validateRequest("POST", "/v25.0/1/messages", { ...textTo("+16505551234"), type: "carrier_pigeon" }),
  ).not.toEqual([]);
  expect(
    validateRequest("POST", "/v25.0/1/messages", { ...textTo("+16505551234"), text: { bdy: "x" } }),
  ).not.toEqual([]);
  expect(validateResponse("POST", "/v25.0/1/messages", 400, { error: { message: "x" } })).not.toEqual([]);
  expect(validateResponse("POST", "/v25.0/1/messages", 200, { messages: [{ id: 1 }] })).not.toEqual([]);
  expect(
    validateWebhook({ object: "whatsapp_business_account", entry: [{ id: 1, changes: [] }] }),
  ).not.toEqual([]);
  expect(() => validateRequest("POST", "/v25.0/1", {})).toThrow("fits");
});

test.each([
  ["text", textTo("+919812345678")],
  [
    "short text",
    { messaging_product: "whatsapp", to: "+919812345678", type: "text", text: { body: "Hello" } },
  ],
  [
    "image",
    {
      ...envelopeTo("+919812345678"),
      type: "image",
      image: { link: "https://example.com/a.jpg", caption: "A" },
    },
  ],
  [
    "document",
    { ...envelopeTo("+919812345678"), type: "document", document: { id: "1", filename: "a.pdf" } },
  ],
  ["template", offerTo("+919812345678", { biz_opaque_callback_data: "row 1" })],
  [
    "interactive",
    {
      ...envelopeTo("+919812345678"),
      type: "interactive",
      interactive: {
        type: "button",
        body: { text: "Keep our offers?" },
        action: { buttons: [{ type: "reply", reply: { id: "stop", title: "Stop" } }] },
      },
    },
  ],
  ["refused", { ...textTo("+919812345678"), messaging_product: "x" }],
  ["template with every kind of value", { ...offerTo("+919812345678"), template: everyValue() }],
])("sends and answers as described: %s", async (kind, message) => {
  const path = `/v25.0/${stage.keys.phoneNumberId}/messages`;

  const answer = await stage.send(message);

  if (kind !== "refused") expect(validateRequest("POST", path, message)).toEqual([]);
  expect(validateResponse("POST", path, answer.status, answer.body)).toEqual([]);
});

function everyValue() {
  return {
    name: "every_value",
    language: { code: "en" },
    components: [
      { type: "header", parameters: [{ type: "image", image: { id: "1" } }] },
      { type: "body", parameters: [{ type: "text", parameter_name: "first_name", text: "Asha" }] },
      { type: "button", sub_type: "url", index: "0", parameters: [{ type: "text", text: "SPRING" }] },
      {
        type: "button",
        sub_type: "quick_reply",
        index: "1",
        parameters: [{ type: "payload", payload: "OUT" }],
      },
    ],
  };
}

test("answers the management calls as described", async () => {
  const { graph, keys, templateId } = stage;
  const at = (path: string) => `/v25.0/${keys.wabaId}/${path}`;
  const created = { ...offer, name: "contract_of_creation" };
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  form.set("file", new Blob(["%PDF-1.4"], { type: "application/pdf" }), "a.pdf");
  const media = await graph.post(`/${keys.phoneNumberId}/media`, form);
  const described: [string, string, { status: number; body: unknown }][] = [
    ["POST", at("message_templates"), await graph.post(`/${keys.wabaId}/message_templates`, created)],
    ["POST", at("message_templates"), await graph.post(`/${keys.wabaId}/message_templates`, created)],
    ["GET", at("message_templates"), await graph.get(`/${keys.wabaId}/message_templates`)],
    [
      "DELETE",
      at("message_templates"),
      await graph.delete(`/${keys.wabaId}/message_templates?name=${created.name}`),
    ],
    ["GET", "/{Version}/{TEMPLATE_ID}", await graph.get(`/${templateId}`)],
    ["GET", at("phone_numbers"), await graph.get(`/${keys.wabaId}/phone_numbers`)],
    ["GET", at("subscribed_apps"), await graph.get(`/${keys.wabaId}/subscribed_apps`)],
    [
      "GET",
      one,
      await graph.get(`/${keys.phoneNumberId}?fields=display_phone_number,quality_rating,name_status`),
    ],
    ["GET", waba, await graph.get(`/${keys.wabaId}`)],
    ["GET", waba, await graph.get(`/${keys.wabaId}?fields=id`)],
    ["GET", waba, await graph.get("/123")],
    ["POST", `/v25.0/${keys.phoneNumberId}/media`, media],
    ["GET", file, await graph.get(`/${media.body.id}`)],
    ["DELETE", file, await graph.delete(`/${media.body.id}`)],
  ];

  const wrong = described.flatMap(([method, path, { status, body }]) =>
    validateResponse(method, path, status, body).map((error) => `${method} ${path}: ${error}`),
  );

  expect(validateRequest("POST", at("message_templates"), created)).toEqual([]);
  expect(wrong).toEqual([]);
});

test("tells by webhook as described", async () => {
  const { receiver, admin, keys, send } = stage;
  await send(offerTo("+919812340012"));
  await send(offerTo("+919812340026"));
  await admin.post("/preferences", {
    phoneNumberId: keys.phoneNumberId,
    from: "+919812345678",
    value: "stop",
  });
  await until(
    () => receiver.all("messages").length > 0 && receiver.changes("user_preferences").length > 0,
    "webhooks",
  );

  expect(receiver.received.flatMap(({ body }) => validateWebhook(body))).toEqual([]);
});

test("needs every exception it lists", () => {
  expect(unmetContradictions()).toEqual([]);
});
