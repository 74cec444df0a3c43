import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientOf, envelopeTo, offerTo, openStage, textTo, until } from "./testing";

let stage: Awaited<ReturnType<typeof openStage>>;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

let next = 0;
/** A person nobody has written to; no magic number ends in 5. */
const somebody = () => `+91981100${String(++next).padStart(3, "0")}5`;

const template = (changes: object) => ({
  ...envelopeTo(somebody()),
  type: "template",
  template: { name: "spring_offer", language: { code: "en_US" }, ...changes },
});

const body = (...parameters: object[]) => ({ components: [{ type: "body", parameters }] });
const text = (value: string) => ({ type: "text", text: value });

test("accepts a template and says so as Meta does", async () => {
  const to = somebody();

  const { status, body: answer, headers } = await stage.send(offerTo(to));

  expect(status).toBe(200);
  expect(answer).toEqual({
    messaging_product: "whatsapp",
    contacts: [{ input: to, wa_id: to.slice(1) }],
    messages: [{ id: expect.stringMatching(/^wamid\.[\w+/=]{40,}$/), message_status: "accepted" }],
  });
  expect(headers.get("facebook-api-version")).toBe("v25.0");
});

test("accepts free text without a message status, and without a version in the path", async () => {
  const { keys, sandbox } = stage;
  const { body: answer } = await clientOf(sandbox.url, keys.accessToken).post(
    `/${keys.phoneNumberId}/messages`,
    textTo(somebody()),
  );

  expect(answer.messages).toEqual([{ id: expect.stringMatching(/^wamid\./) }]);
});

test("answers a business-scoped user id without a phone number", async () => {
  const { body: answer } = await stage.send({
    ...offerTo("x"),
    to: undefined,
    recipient: "US.13491208655302741918",
  });

  expect(answer.contacts).toEqual([{ input: "US.13491208655302741918", user_id: "US.13491208655302741918" }]);
});

test("gives Mexican, Brazilian and Argentinian numbers Meta's own id", async () => {
  const answers = await Promise.all(
    ["+525512345670", "+5547991234567", "+541123456780"].map((to) => stage.send(offerTo(to))),
  );

  expect(answers.map(({ body: answer }) => answer.contacts[0].wa_id)).toEqual([
    "5215512345670",
    "554791234567",
    "5491123456780",
  ]);
});

describe("refuses", () => {
  test.each([
    ["no product", { to: "+919811111111" }, 100, "(#100) The parameter messaging_product is required."],
    [
      "another product",
      { ...textTo("+919811111111"), messaging_product: "x" },
      100,
      '(#100) Param messaging_product must be one of {WHATSAPP} - got "x".',
    ],
    ["no recipient", { ...textTo("1"), to: undefined }, 100, "(#100) The parameter to is required."],
    ["a recipient that is no number", textTo("nobody"), 131009, "(#131009) Parameter value is not valid"],
    [
      "an unknown type",
      { ...textTo("+919811111111"), type: "smell" },
      100,
      expect.stringContaining("Param type must be one of"),
    ],
    [
      "a type without its content",
      { ...envelopeTo("+919811111111"), type: "text" },
      100,
      "(#100) Invalid parameter",
    ],
    ["empty text", textTo("+919811111111", ""), 100, "(#100) The parameter text['body'] is required."],
    [
      "text that is too long",
      textTo("+919811111111", "x".repeat(4097)),
      100,
      expect.stringContaining("4096"),
    ],
    [
      "callback data that is too long",
      { ...textTo("+919811111111"), biz_opaque_callback_data: "x".repeat(513) },
      100,
      expect.stringContaining("512"),
    ],
    [
      "an image with id and link",
      { ...envelopeTo("+919811111111"), type: "image", image: { id: "1", link: "https://a.b/c" } },
      100,
      "(#100) Invalid parameter",
    ],
    [
      "an image that was never uploaded",
      { ...envelopeTo("+919811111111"), type: "image", image: { id: "1" } },
      131009,
      expect.anything(),
    ],
    ["four reply buttons", interactive(4), 131009, expect.anything()],
    [
      "a template without a name",
      template({ name: undefined }),
      100,
      "(#100) The parameter template['name'] is required.",
    ],
    [
      "a template nobody has",
      template({ name: "nope" }),
      132001,
      "(#132001) Template name does not exist in the translation",
    ],
    ["a language the template lacks", template({ language: { code: "de" } }), 132001, expect.anything()],
    ["too few values", template(body(text("Asha"))), 132000, "(#132000) Template Param Count Mismatch"],
    ["no values", template({}), 132000, expect.anything()],
    ["a value that is empty", template(body(text("Asha"), text(""))), 131008, expect.anything()],
    ["a value with a line break", template(body(text("Asha"), text("a\nb"))), 132012, expect.anything()],
    [
      "a picture in place of a word",
      template(body(text("Asha"), { type: "image", image: { id: "1" } })),
      132012,
      expect.anything(),
    ],
    [
      "a body that gets too long",
      template(body(text("Asha"), text("x".repeat(1000)))),
      132005,
      expect.anything(),
    ],
    [
      "a value for a button the template lacks",
      template({
        components: [
          ...body(text("A"), text("B")).components,
          { type: "button", sub_type: "url", index: 5, parameters: [text("x")] },
        ],
      }),
      132018,
      expect.anything(),
    ],
  ])("%s", async (_, message, code, words) => {
    const { status, body: answer } = await stage.send(message);

    expect(answer.error).toMatchObject({
      code,
      message: words,
      type: "OAuthException",
      fbtrace_id: expect.any(String),
    });
    expect(status).toBe(code === 132001 ? 404 : 400);
  });

  function interactive(count: number) {
    const buttons = Array.from({ length: count }, (_, index) => ({
      type: "reply",
      reply: { id: `${index}`, title: `${index}` },
    }));
    return {
      ...envelopeTo("+919811111111"),
      type: "interactive",
      interactive: { type: "button", body: { text: "?" }, action: { buttons } },
    };
  }

  test("its own number", async () => {
    const { body: answer } = await stage.send(offerTo(stage.keys.displayPhoneNumber));
    expect(answer.error.code).toBe(131021);
  });

  test("a header image and a link suffix that were left out", async () => {
    const { graph, keys, send } = stage;
    const upload = await graph.post(`/${keys.appId}/uploads?file_length=3&file_type=image/png`);
    const { body: handle } = await graph.post(`/${upload.body.id}`, "abc", {
      authorization: `OAuth ${keys.accessToken}`,
      file_offset: "0",
    });
    const { body: created } = await graph.post(`/${keys.wabaId}/message_templates`, {
      name: "with_picture",
      language: "en",
      category: "MARKETING",
      components: [
        { type: "HEADER", format: "IMAGE", example: { header_handle: [handle.h] } },
        { type: "BODY", text: "Look at this." },
        {
          type: "BUTTONS",
          buttons: [{ type: "URL", text: "Shop", url: "https://a.b/{{1}}", example: ["https://a.b/c"] }],
        },
      ],
    });
    await until(async () => (await graph.get(`/${created.id}`)).body.status === "APPROVED", "approval");
    const message = (components: object[]) =>
      send({
        ...envelopeTo(somebody()),
        type: "template",
        template: { name: "with_picture", language: { code: "en" }, components },
      });
    const header = { type: "header", parameters: [{ type: "image", image: { link: "https://a.b/c.png" } }] };
    const button = { type: "button", sub_type: "url", index: "0", parameters: [text("x")] };

    expect((await message([button])).body.error).toMatchObject({
      code: 132012,
      error_data: { details: "header: Format mismatch, expected IMAGE, received UNKNOWN" },
    });
    expect((await message([header])).body.error).toMatchObject({
      code: 131008,
      error_data: { details: "buttons: Button at index 0 of type Url requires a parameter" },
    });
    expect((await message([header, button])).status).toBe(200);
  });
});

describe("checks in Meta's order", () => {
  const broken = { messaging_product: "x" };

  test("token before id before permission before account before parameters before recipient before template", async () => {
    const { sandbox, admin, keys, graph } = stage;
    const { body: other } = await admin.post("/accounts", {});
    const ask = (token: string | undefined, pnid: string, message: object) =>
      clientOf(sandbox.url, token)
        .post(`/v25.0/${pnid}/messages`, message)
        .then(({ status, body: answer }) => [status, answer.error.code, answer.error.error_subcode]);
    const path = `/accounts/${keys.wabaId}`;
    const unknown = {
      ...offerTo(keys.displayPhoneNumber),
      template: { name: "nope", language: { code: "en" } },
    };

    expect(await ask(undefined, "1", broken)).toEqual([401, 104, undefined]);
    expect(await ask("EAAGnonsense", "1", broken)).toEqual([401, 190, undefined]);
    expect(await ask(keys.accessToken, other.phoneNumberId, broken)).toEqual([400, 100, 33]);
    expect(await ask(keys.accessToken, "1", broken)).toEqual([400, 100, 33]);
    await admin.post(`${path}/token`, { permissions: ["whatsapp_business_management"] });
    await admin.post(path, { state: "locked" });
    expect(await ask(keys.accessToken, keys.phoneNumberId, broken)).toEqual([403, 10, undefined]);
    await admin.post(`${path}/token`, {
      permissions: ["whatsapp_business_management", "whatsapp_business_messaging"],
    });
    for (const [state, code] of [
      ["locked", 131031],
      ["restricted", 368],
      ["payment_issue", 131042],
      ["maintenance", 131057],
    ] as const) {
      await admin.post(path, { state });
      expect((await graph.post(`/${keys.phoneNumberId}/messages`, broken)).body.error.code).toBe(code);
    }
    await admin.post(path, { state: "active" });
    expect(await ask(keys.accessToken, keys.phoneNumberId, broken)).toEqual([400, 100, undefined]);
    expect(await ask(keys.accessToken, keys.phoneNumberId, unknown)).toEqual([400, 131021, undefined]);
    await admin.post(`${path}/token`, { state: "expired" });
    expect(await ask(keys.accessToken, keys.phoneNumberId, broken)).toEqual([401, 190, 463]);
    await admin.post(`${path}/token`, { state: "revoked" });
    expect(await ask(keys.accessToken, keys.phoneNumberId, broken)).toEqual([401, 190, 467]);
    await admin.post(`${path}/token`, { state: "valid" });
    expect((await stage.send(offerTo(somebody()))).status).toBe(200);
  });

  test("a test number reaches its allowed recipients only", async () => {
    const { admin, keys } = stage;
    await admin.post(`/phone-numbers/${keys.phoneNumberId}`, { allowList: ["+919811111111"] });
    expect((await stage.send(offerTo(somebody()))).body.error).toMatchObject({
      code: 131030,
      error_subcode: 2655007,
    });
    expect((await stage.send(offerTo("+919811111111"))).status).toBe(200);
    await admin.post(`/phone-numbers/${keys.phoneNumberId}`, { allowList: null });
  });
});

describe("keeps template states apart", () => {
  test.each([
    ["pause", 132015, 400],
    ["disable", 132016, 400],
    ["reject", 132001, 404],
  ])("%s", async (action, code, status) => {
    const { admin, templateId, send } = stage;
    await admin.post(`/templates/${templateId}`, { action });

    const refused = await send(offerTo(somebody()));
    await admin.post(`/templates/${templateId}`, { action: "approve" });

    expect([refused.body.error.code, refused.status]).toEqual([code, status]);
    expect((await send(offerTo(somebody()))).status).toBe(200);
  });
});

test("offers marketing templates only at the marketing endpoint, and can forbid them elsewhere", async () => {
  const { admin, graph, keys } = stage;
  const path = `/${keys.phoneNumberId}/marketing_messages`;
  const hello = {
    ...envelopeTo(somebody()),
    type: "template",
    template: { name: "hello_world", language: { code: "en_US" } },
  };

  expect((await graph.post(path, textTo(somebody()))).body.error.code).toBe(131055);
  expect((await graph.post(path, hello)).body.error.code).toBe(134100);
  expect((await graph.post(path, offerTo(somebody()))).status).toBe(200);
  await admin.post(`/accounts/${keys.wabaId}`, { marketingDisabledOnCloudApi: true });
  expect((await stage.send(offerTo(somebody()))).body.error.code).toBe(131063);
  await admin.post(`/accounts/${keys.wabaId}`, {
    marketingDisabledOnCloudApi: false,
    marketingMessagesOnboarded: false,
  });
  expect((await graph.post(path, offerTo(somebody()))).body.error.code).toBe(134102);
});

describe("limits", () => {
  test("messages per second of a number, with 429 where that is wished for", async () => {
    const { admin, keys, send } = stage;
    await admin.post(`/phone-numbers/${keys.phoneNumberId}`, { mps: 5 });
    const burst = await Promise.all(Array.from({ length: 12 }, () => send(offerTo(somebody()))));
    await admin.post("/settings", { rateLimitStatus: 429 });
    const refused = await until(async () => {
      const answer = await send(offerTo(somebody()));
      return answer.status === 200 ? null : answer;
    }, "a refusal");
    await admin.post("/settings", { rateLimitStatus: 400 });
    // So much that the empty bucket holds nobody up in the tests after this one.
    await admin.post(`/phone-numbers/${keys.phoneNumberId}`, { mps: 100_000 });

    expect(burst.filter(({ status }) => status === 200).length).toBeLessThan(9);
    expect(burst.find(({ status }) => status === 400)?.body.error.code).toBe(130429);
    expect([refused.status, refused.body.error.code]).toEqual([429, 130429]);
    await until(async () => (await send(offerTo(somebody()))).status === 200, "the bucket to fill");
  });

  test("one message per interval to one person, 45 of them on credit", async () => {
    const { admin, send } = stage;
    await admin.post("/settings", { pairIntervalMs: 60_000 });
    const to = somebody();
    const burst = await Promise.all(Array.from({ length: 46 }, () => send(offerTo(to))));
    const others = await send(offerTo(somebody()));
    await admin.post("/settings", { pairIntervalMs: 1 });

    expect(burst.filter(({ status }) => status === 200)).toHaveLength(45);
    expect(burst.find(({ status }) => status !== 200)?.body.error.code).toBe(131056);
    expect(others.status).toBe(200);
    await until(async () => (await send(offerTo(to))).status === 200, "the debt to be paid");
  });

  test("unique people a day: one more is accepted and fails, those already written to do not count again", async () => {
    const { sandbox, receiver, admin, keys, send } = stage;
    const { body: account } = await admin.get(`/accounts/${keys.wabaId}`);
    expect(account.business.tier).toBe("TIER_100K");
    await admin.post(`/phone-numbers/${keys.phoneNumberId}`, { tier: "TIER_250" });
    const known = somebody();
    await send(offerTo(known));
    await Promise.all(Array.from({ length: 260 }, () => send(offerTo(somebody()))));

    const over = await send(offerTo(somebody()));
    const again = await send(offerTo(known));

    const [overId, againId] = [over.body.messages[0].id, again.body.messages[0].id];
    await until(
      () => receiver.statusesOf(overId).length > 0 && receiver.statusesOf(againId).length > 0,
      "statuses",
    );
    const failed = receiver.all("statuses").find(({ id }) => id === overId);
    expect(failed).toMatchObject({ status: "failed", errors: [{ code: 131048 }] });
    expect(receiver.statusesOf(againId)).toContain("sent");
    expect(sandbox.port).toBeGreaterThan(0);
    await admin.post(`/phone-numbers/${keys.phoneNumberId}`, { tier: "TIER_100K" });
  });
});

test("opens the window when a person writes, and free text gets through", async () => {
  const { receiver, admin, keys, send } = stage;
  const to = "+919811990001";
  const before = await send(textTo(to));
  await admin.post("/inbound", { phoneNumberId: keys.phoneNumberId, from: to, text: "Hi" });
  const after = await send(textTo(to));

  const [beforeId, afterId] = [before.body.messages[0].id, after.body.messages[0].id];
  await until(
    () => receiver.statusesOf(beforeId).length > 0 && receiver.statusesOf(afterId).includes("delivered"),
    "statuses",
  );
  expect(receiver.all("statuses").find(({ id }) => id === beforeId)).toMatchObject({
    status: "failed",
    errors: [{ code: 131047 }],
  });
  expect(receiver.all("statuses").find(({ id }) => id === afterId).pricing).toMatchObject({
    category: "service",
  });
});

test("takes note of messages read", async () => {
  const read = {
    messaging_product: "whatsapp",
    status: "read",
    message_id: "wamid.INBOUND",
    typing_indicator: { type: "text" },
  };

  expect(await stage.send(read)).toMatchObject({ status: 200, body: { success: true } });
  expect((await stage.send({ ...read, message_id: undefined })).body.error.code).toBe(100);
});
