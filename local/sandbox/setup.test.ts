import { createHash, createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientOf, offerTo, openReceiver, openStage, until } from "./testing";

let stage: Awaited<ReturnType<typeof openStage>>;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test("hands out a fresh business with one call", async () => {
  const { status, body } = await clientOf(stage.sandbox.url).post("/_sandbox/accounts", {});

  expect(status).toBe(201);
  expect(body).toEqual({
    wabaId: expect.stringMatching(/^\d{15}$/),
    phoneNumberId: expect.stringMatching(/^\d{15}$/),
    displayPhoneNumber: expect.stringMatching(/^\+1 \d{3}-555-01\d\d$/),
    appId: expect.stringMatching(/^\d{15}$/),
    appSecret: expect.stringMatching(/^[0-9a-f]{32}$/),
    accessToken: expect.stringMatching(/^EAAG\w{80,}$/),
    businessId: expect.stringMatching(/^\d{15}$/),
  });
});

test("answers every question of the connection check", async () => {
  const { graph, keys } = stage;
  const token = await graph.get(`/debug_token?input_token=${keys.accessToken}`);
  const waba = await graph.get(
    `/${keys.wabaId}?fields=id,name,currency,health_status{can_send_message,entities}`,
  );
  const numbers = await graph.get(
    `/${keys.wabaId}/phone_numbers?fields=id,display_phone_number,status&limit=100`,
  );
  const number = await graph.get(
    `/${keys.phoneNumberId}?fields=verified_name,throughput,whatsapp_business_manager_messaging_limit`,
  );
  const apps = await graph.get(`/${keys.wabaId}/subscribed_apps`);

  expect(token.body.data).toMatchObject({
    app_id: keys.appId,
    is_valid: true,
    expires_at: 0,
    granular_scopes: [{ target_ids: [keys.wabaId] }, {}],
  });
  expect(waba.body).toMatchObject({
    id: keys.wabaId,
    currency: "USD",
    health_status: { can_send_message: "AVAILABLE" },
  });
  expect(numbers.body.data).toEqual([
    { id: keys.phoneNumberId, display_phone_number: keys.displayPhoneNumber, status: "CONNECTED" },
  ]);
  expect(number.body).toMatchObject({
    throughput: { level: "HIGH" },
    whatsapp_business_manager_messaging_limit: "TIER_100K",
  });
  expect(apps.body.data[0].whatsapp_business_api_data.id).toBe(keys.appId);
  expect(waba.headers.get("x-business-use-case-usage")).toContain(keys.wabaId);
});

test("inspects tokens for themselves and for their app", async () => {
  const { sandbox, admin } = stage;
  const { body: keys } = await admin.post("/accounts", {});
  const inspect = (asker: string) =>
    clientOf(sandbox.url, asker).get(`/v25.0/debug_token?input_token=${keys.accessToken}`);
  const app = `${keys.appId}|${keys.appSecret}`;

  expect((await inspect(app)).body.data.is_valid).toBe(true);
  expect((await inspect(`${keys.appId}|wrong`)).status).toBe(401);
  await admin.post(`/accounts/${keys.wabaId}/token`, { state: "expired" });
  expect((await inspect(app)).body.data).toMatchObject({
    is_valid: false,
    error: { code: 190, subcode: 463 },
  });
  expect((await inspect(keys.accessToken)).body.error).toMatchObject({ code: 190, error_subcode: 463 });
});

test("subscribes only a callback that answers the challenge", async () => {
  const { admin, sandbox } = stage;
  const { body: keys } = await admin.post("/accounts", {});
  const graph = clientOf(`${sandbox.url}/v25.0`, keys.accessToken);
  const receiver = await openReceiver("the right one");
  const subscribe = (body: object) => graph.post(`/${keys.wabaId}/subscribed_apps`, body);

  expect(
    (await subscribe({ override_callback_uri: receiver.url, verify_token: "wrong" })).body.error,
  ).toMatchObject({ code: 2200 });
  expect((await subscribe({ override_callback_uri: receiver.url })).body.error.code).toBe(100);
  expect(
    (await subscribe({ override_callback_uri: "http://127.0.0.1:9/x", verify_token: "x" })).body.error.code,
  ).toBe(2200);
  expect(
    (await subscribe({ override_callback_uri: `${receiver.url}?${"x".repeat(200)}`, verify_token: "x" })).body
      .error.code,
  ).toBe(100);
  receiver.echo = () => "<html>Welcome</html>";
  const unechoed = await subscribe({ override_callback_uri: receiver.url, verify_token: "the right one" });
  receiver.echo = (challenge) => challenge;
  expect(unechoed.body.error.code).toBe(2200);
  expect((await graph.get(`/${keys.wabaId}/subscribed_apps`)).body.data).toEqual([]);
  expect(
    (await subscribe({ override_callback_uri: receiver.url, verify_token: "the right one" })).body,
  ).toEqual({ success: true });
  expect((await graph.get(`/${keys.wabaId}/subscribed_apps`)).body.data).toMatchObject([
    { override_callback_uri: receiver.url },
  ]);
  expect((await graph.delete(`/${keys.wabaId}/subscribed_apps`)).body).toEqual({ success: true });
  expect((await graph.get(`/${keys.wabaId}/subscribed_apps`)).body.data).toEqual([]);
  await receiver.close();
});

test("prefers the number's callback to the account's and that to the app's", async () => {
  const { admin, sandbox } = stage;
  const { body: keys } = await admin.post("/accounts", {});
  const graph = clientOf(`${sandbox.url}/v25.0`, keys.accessToken);
  const [ofApp, ofNumber] = [await openReceiver(), await openReceiver()];
  const app = clientOf(`${sandbox.url}/v25.0`, `${keys.appId}|${keys.appSecret}`);
  await app.post(`/${keys.appId}/subscriptions`, {
    object: "whatsapp_business_account",
    callback_url: ofApp.url,
    verify_token: ofApp.verifyToken,
  });
  await graph.post(`/${keys.wabaId}/subscribed_apps`);
  const say = (text: string) =>
    admin.post("/inbound", { phoneNumberId: keys.phoneNumberId, from: "+919811110005", text });
  const hears = (receiver: typeof ofApp) => until(() => receiver.received.length > 0, "a webhook");

  await say("one");
  await hears(ofApp);
  await graph.post(`/${keys.phoneNumberId}`, {
    webhook_configuration: { override_callback_uri: ofNumber.url, verify_token: ofNumber.verifyToken },
  });
  await say("two");
  await hears(ofNumber);

  expect(ofApp.all("messages").map(({ text }) => text.body)).toEqual(["one"]);
  expect(ofNumber.all("messages").map(({ text }) => text.body)).toEqual(["two"]);
  await Promise.all([ofApp.close(), ofNumber.close()]);
});

test("accepts a right appsecret_proof and refuses a wrong one", async () => {
  const { graph, keys } = stage;
  const proof = createHmac("sha256", keys.appSecret).update(keys.accessToken).digest("hex");

  expect((await graph.get(`/${keys.wabaId}?appsecret_proof=${proof}`)).status).toBe(200);
  expect((await graph.get(`/${keys.wabaId}?appsecret_proof=${"0".repeat(64)}`)).body.error.code).toBe(100);
});

test("keeps uploaded media for its number and hands it out for five minutes", async () => {
  const { graph, keys, sandbox } = stage;
  const bytes = Buffer.from("\x89PNG not really");
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  form.set("type", "image/png");
  form.set("file", new Blob([bytes], { type: "image/png" }), "a.png");
  const { body: uploaded } = await graph.post(`/${keys.phoneNumberId}/media`, form);
  const { body: found } = await graph.get(`/${uploaded.id}?phone_number_id=${keys.phoneNumberId}`);
  const fetched = await fetch(found.url, { headers: { authorization: `Bearer ${keys.accessToken}` } });

  expect(found).toMatchObject({
    mime_type: "image/png",
    file_size: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  });
  expect(Buffer.from(await fetched.arrayBuffer())).toEqual(bytes);
  expect((await fetch(found.url)).status).toBe(401);
  expect((await fetch(`${sandbox.url}/_media/unknown`)).status).toBe(404);
  expect((await graph.get(`/${uploaded.id}?phone_number_id=1`)).body.error.error_subcode).toBe(33);
  expect((await graph.delete(`/${uploaded.id}`)).body).toEqual({ success: true });
  expect((await graph.get(`/${uploaded.id}`)).body.error.error_subcode).toBe(33);
});

test("refuses files it does not know", async () => {
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  form.set("file", new Blob(["MZ"], { type: "application/x-msdownload" }), "a.exe");

  expect((await stage.graph.post(`/${stage.keys.phoneNumberId}/media`, form)).body.error.code).toBe(100);
});

test("takes a sample file in two parts", async () => {
  const { graph, keys } = stage;
  const { body: session } = await graph.post(
    `/${keys.appId}/uploads?file_name=h.png&file_length=8&file_type=image/png`,
  );
  const put = (offset: string, bytes: string) =>
    graph.post(`/${session.id}`, bytes, { authorization: `OAuth ${keys.accessToken}`, file_offset: offset });

  await put("0", "1234");
  expect((await graph.get(`/${session.id}`)).body).toEqual({ id: session.id, file_offset: 4 });
  expect((await put("0", "1234")).body.error.code).toBe(100);
  expect((await put("4", "5678")).body).toEqual({ h: expect.stringMatching(/^4::aW1hZ2UvcG5n:/) });
});

test("registers and deregisters", async () => {
  const { graph, keys, send } = stage;
  const at = `/${keys.phoneNumberId}`;

  expect((await graph.post(`${at}/deregister`)).body).toEqual({ success: true });
  expect((await send(offerTo("+919811110005"))).body.error.code).toBe(133010);
  expect(
    (await graph.post(`${at}/register`, { messaging_product: "whatsapp", pin: "1" })).body.error.code,
  ).toBe(100);
  expect((await graph.post(`${at}/register`, { messaging_product: "whatsapp", pin: "123456" })).body).toEqual(
    { success: true },
  );
  expect((await send(offerTo("+919811110005"))).status).toBe(200);
});

test("stops management calls over the quota and old versions", async () => {
  const { admin, graph, keys, sandbox } = stage;
  await admin.post("/settings", { managementCallsPerHour: 1 });
  const refused = await graph.get(`/${keys.wabaId}`);
  await admin.post("/settings", { managementCallsPerHour: 5000 });

  expect(refused.body.error.code).toBe(80007);
  expect((await clientOf(sandbox.url, keys.accessToken).get(`/v17.0/${keys.wabaId}`)).body.error.code).toBe(
    2635,
  );
});

test("explains what is wrong with an admin call", async () => {
  expect(await stage.admin.post("/inbound", { from: "x" })).toMatchObject({ status: 422 });
  expect(await stage.admin.post("/settings", { speed: "fast" })).toMatchObject({ status: 422 });
  expect(await stage.admin.post("/nothing", {})).toMatchObject({ status: 404 });
  expect((await stage.admin.get("/health")).body).toMatchObject({ ok: true });
  expect((await stage.admin.get("/accounts")).text).not.toContain(stage.keys.accessToken);
});
