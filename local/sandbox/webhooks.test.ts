import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { sign } from "./signature";
import { joinStage, offerTo, openStage, type Received, type Stage, until } from "./testing";

let stage: Awaited<ReturnType<typeof openStage>>;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
afterEach(() => {
  stage.receiver.answer = (_, response) => void response.end("ok");
});

const idOf = async (sending: ReturnType<Stage["send"]>): Promise<string> =>
  (await sending).body.messages[0].id;
const statusOf = (wamid: string, status: string) =>
  stage.receiver.all("statuses").find((one) => one.id === wamid && one.status === status);
const carrying = (wamid: string): Received[] =>
  stage.receiver.received.filter(({ raw }) => raw.includes(wamid));
const untilStatuses = (wamid: string, count: number) =>
  until(() => stage.receiver.statusesOf(wamid).length >= count, `${count} statuses`);

test("signs the exact bytes and writes no byte beyond ASCII", async () => {
  const wamid = await idOf(stage.send(offerTo("+919811110001", { biz_opaque_callback_data: "Grüße 👋" })));
  await untilStatuses(wamid, 2);

  for (const { raw, headers } of stage.receiver.received) {
    expect(headers["x-hub-signature-256"]).toBe(sign(stage.keys.appSecret, raw));
    expect(raw).toMatch(/^[\x20-\x7e]+$/);
    expect(raw).toBe(
      JSON.stringify(JSON.parse(raw)).replace(
        /[\u0080-\uffff]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
      ),
    );
  }
  expect(carrying(wamid)[0]?.raw).toContain("Gr\\u00fc\\u00dfe \\ud83d\\udc4b");
  expect(statusOf(wamid, "sent").biz_opaque_callback_data).toBe("Grüße 👋");
});

test("tells who, when and at what price", async () => {
  const wamid = await idOf(stage.send(offerTo("+919811120001", { biz_opaque_callback_data: "row" })));
  await untilStatuses(wamid, 2);

  expect(statusOf(wamid, "delivered")).toEqual({
    id: wamid,
    status: "delivered",
    timestamp: expect.stringMatching(/^\d{10}$/),
    recipient_id: "919811120001",
    recipient_user_id: expect.stringMatching(/^IN\.\d{20}$/),
    biz_opaque_callback_data: "row",
    pricing: { billable: true, pricing_model: "PMP", type: "regular", category: "marketing" },
  });
  const [value] = carrying(wamid).flatMap(({ body }) => body.entry[0].changes[0].value);
  expect(value.metadata).toEqual({
    display_phone_number: stage.keys.displayPhoneNumber.replace(/\D/g, ""),
    phone_number_id: stage.keys.phoneNumberId,
  });
  expect(value.contacts).toContainEqual(
    expect.objectContaining({ wa_id: "919811120001", profile: { name: expect.any(String) } }),
  );
});

test("failures carry the error and neither price nor contact", async () => {
  const wamid = await idOf(stage.send(offerTo("+919811130026")));
  await untilStatuses(wamid, 1);

  expect(statusOf(wamid, "failed")).toMatchObject({
    errors: [{ code: 131026, title: "Message Undeliverable", error_data: { details: expect.any(String) } }],
  });
  expect(statusOf(wamid, "failed").pricing).toBeUndefined();
});

test("tries again with growing pauses until the answer is 200, with the same bytes", async () => {
  const seen: number[] = [];
  const statuses = [500, 202, 404, 200];
  stage.receiver.answer = (_, response) => {
    seen.push(Date.now());
    response.statusCode = statuses[Math.min(seen.length - 1, 3)] ?? 200;
    response.end();
  };
  const wamid = await idOf(stage.send(offerTo("+919811140002")));
  await until(
    async () => (await stage.ledger("kind=webhook_answer")).at(-1)?.status === 200 && seen.length >= 4,
    "the fourth attempt",
  );

  const attempts = carrying(wamid);
  expect(attempts).toHaveLength(4);
  expect(new Set(attempts.map(({ raw }) => raw)).size).toBe(1);
  const [a = 0, b = 0, c = 0, d = 0] = seen;
  expect(b - a).toBeGreaterThanOrEqual(18);
  expect(c - b).toBeGreaterThanOrEqual(36);
  expect(d - c).toBeGreaterThanOrEqual(72);
});

test("tries again when the connection is cut", async () => {
  let cuts = 0;
  stage.receiver.answer = (_, response) => {
    if (cuts++ === 0) response.destroy();
    else response.end("ok");
  };
  const wamid = await idOf(stage.send(offerTo("+919811150002")));
  await until(() => carrying(wamid).length >= 2, "the second attempt");
  expect(cuts).toBeGreaterThanOrEqual(2);
});

test("sends many updates in one POST and some alone", async () => {
  await stage.admin.post("/settings", { batchMs: [80, 120], singleShare: 0.5 });
  const before = stage.receiver.received.length;
  const ids = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      idOf(stage.send(offerTo(`+9198112${String(index).padStart(3, "0")}85`))),
    ),
  );
  await until(() => ids.every((wamid) => stage.receiver.statusesOf(wamid).length > 0), "all statuses");
  await stage.admin.post("/settings", { batchMs: [0, 10], singleShare: 0.2 });

  const sizes = stage.receiver.received
    .slice(before)
    .map(
      ({ body }) =>
        body.entry.flatMap((entry: { changes: { value: { statuses?: [] } }[] }) =>
          entry.changes.flatMap(({ value }) => value.statuses ?? []),
        ).length,
    );
  expect(Math.max(...sizes)).toBeGreaterThan(5);
  expect(stage.receiver.received.length - before).toBeLessThan(40);
});

test("0003 reads without a delivery, 0010 comes twice and backwards", async () => {
  const [read, twice] = await Promise.all([
    idOf(stage.send(offerTo("+919811160003"))),
    idOf(stage.send(offerTo("+919811160010"))),
  ]);
  await untilStatuses(read, 2);
  await untilStatuses(twice, 6);

  expect(stage.receiver.statusesOf(read).sort()).toEqual(["read", "sent"]);
  expect(statusOf(read, "read").pricing).toMatchObject({ category: "marketing" });
  expect(stage.receiver.statusesOf(twice)).toHaveLength(6);
  expect(stage.receiver.statusesOf(twice)[0]).toBe("read");
});

test("0011 is told of by webhook before the call is answered", async () => {
  let answered = false;
  let toldAfter: boolean | null = null;
  stage.receiver.answer = (_, response) => {
    toldAfter ??= answered;
    setTimeout(() => response.end("ok"), 30);
  };
  const wamid = await idOf(stage.send(offerTo("+919811170011")).finally(() => (answered = true)));

  expect(toldAfter).toBe(false);
  expect(stage.receiver.statusesOf(wamid)).toContain("sent");
  await untilStatuses(wamid, 3);
});

test("0504 is accepted, dropped, and turns up by webhook", async () => {
  const data = "row 504";
  await expect(stage.send(offerTo("+919811180504", { biz_opaque_callback_data: data }))).rejects.toThrow();

  await until(
    () => stage.receiver.all("statuses").some((status) => status.biz_opaque_callback_data === data),
    "the webhook",
  );
  const [answer] = await stage
    .ledger(`kind=answer&phoneNumberId=${stage.keys.phoneNumberId}`)
    .then((entries) => entries.filter((entry) => entry.callbackData === data));
  expect(answer).toMatchObject({ accepted: true, status: null, connection: "drop" });
});

test.each([
  [
    "0429",
    [
      [400, 130429],
      [200, undefined],
    ],
  ],
  [
    "0500",
    [
      [500, 131000],
      [200, undefined],
    ],
  ],
  [
    "0503",
    [
      [503, 2],
      [503, undefined],
      [200, undefined],
    ],
  ],
])("%s fails first and then gets through", async (suffix, expected) => {
  const answers = [];
  for (const _ of expected) answers.push(await stage.send(offerTo(`+91981119${suffix}`)));

  expect(answers.map(({ status, body }) => [status, body?.error?.code])).toEqual(expected);
  if (suffix === "0503") expect(answers[1]?.text).toContain("<html>");
});

test("0056 is refused until an interval has passed", async () => {
  const to = "+919811190056";
  expect((await stage.send(offerTo(to))).body.error.code).toBe(131056);
  await until(async () => (await stage.send(offerTo(to))).status === 200, "the pair limit to pass");
});

test("0009 is held, then released or dropped", async () => {
  const [released, dropped] = await Promise.all(
    ["+919811190009", "+919811200009"].map((to) => stage.send(offerTo(to))),
  );
  const [releasedId, droppedId] = [released?.body.messages[0].id, dropped?.body.messages[0].id];
  expect(released?.body.messages[0].message_status).toBe("held_for_quality_assessment");
  expect((await stage.admin.get("/held")).body.held).toHaveLength(2);

  await stage.admin.post("/held", { action: "release", wamid: releasedId });
  await stage.admin.post("/held", { action: "drop" });

  await untilStatuses(releasedId, 2);
  await untilStatuses(droppedId, 1);
  expect(statusOf(droppedId, "failed").errors[0].code).toBe(132015);
});

test("0012 writes STOP, 0013 taps the button, 0014 shows no number", async () => {
  const ids = await Promise.all(
    ["0012", "0013", "0014"].map((suffix) => idOf(stage.send(offerTo(`+91981121${suffix}`)))),
  );
  const replies = await until(() => {
    const told = stage.receiver.all("messages");
    return told.length >= 3 ? told : null;
  }, "three replies");

  expect(replies.find(({ from }) => from === "919811210012")).toMatchObject({
    type: "text",
    text: { body: "STOP" },
  });
  expect(replies.find(({ from }) => from === "919811210013")).toMatchObject({
    type: "button",
    button: { payload: "Stop promotions", text: "Stop promotions" },
    context: { id: ids[1] },
  });
  expect(replies.find(({ from }) => from === undefined)).toMatchObject({
    from_user_id: expect.stringMatching(/^IN\./),
    type: "text",
  });
  expect(statusOf(ids[2] ?? "", "sent").recipient_id).toBeUndefined();
});

test("0050 and a stop in WhatsApp itself end marketing to that person until he resumes", async () => {
  const { admin, keys, send } = stage;
  const to = "+919811220001";
  const prefer = (value: string) =>
    admin.post("/preferences", { phoneNumberId: keys.phoneNumberId, from: to, value });

  await prefer("stop");
  const stopped = await idOf(send(offerTo(to)));
  await untilStatuses(stopped, 1);
  await prefer("resume");
  const resumed = await idOf(send(offerTo(to)));
  await untilStatuses(resumed, 2);

  expect(statusOf(stopped, "failed").errors[0].code).toBe(131050);
  const told = stage.receiver
    .changes("user_preferences")
    .map(({ user_preferences: [one] }) => [one.wa_id, one.value, typeof one.timestamp]);
  expect(told).toEqual([
    ["919811220001", "stop", "number"],
    ["919811220001", "resume", "number"],
  ]);
});

test("injects what people may say", async () => {
  const { admin, keys, receiver } = stage;
  const from = "+919811230005";
  const say = async (order: object): Promise<string> =>
    (await admin.post("/inbound", { phoneNumberId: keys.phoneNumberId, from, ...order })).body.id;
  const ids = [
    await say({ text: "नमस्ते 👋", name: "Asha" }),
    await say({ type: "button", payload: "OUT", text: "Stop", inReplyTo: "wamid.X" }),
    await say({ type: "button_reply", payload: "keep", text: "Keep" }),
    await say({ type: "image", caption: "Look" }),
    await say({ type: "reaction", text: "👍", inReplyTo: "wamid.X" }),
    await say({ type: "unsupported" }),
    await say({ type: "raw", content: { type: "order", order: { catalog_id: "1" } } }),
  ];
  const told = await until(() => {
    const found = ids.map((id) => receiver.all("messages").find((message) => message.id === id));
    return found.every(Boolean) ? found : null;
  }, "all of them");

  expect(told.map(({ type }) => type)).toEqual([
    "text",
    "button",
    "interactive",
    "image",
    "reaction",
    "unsupported",
    "order",
  ]);
  expect(told[0].text.body).toBe("नमस्ते 👋");
  expect(told[1].context.id).toBe("wamid.X");
  const picture = await fetch(told[3].image.url, {
    headers: { authorization: `Bearer ${keys.accessToken}` },
  });
  expect(picture.headers.get("content-type")).toBe("image/png");
});

test.each([
  ["image", "image/png", "89504e47"],
  ["video", "video/mp4", "0000001866747970"],
  ["audio", "audio/mpeg", "fffb"],
  ["sticker", "image/webp", "52494646"],
  ["document", "application/pdf", "25504446"],
])("lets people send a file whose bytes can be fetched: %s", async (type, mimeType, beginning) => {
  const { admin, keys, receiver } = stage;
  const order = { phoneNumberId: keys.phoneNumberId, from: "+919811230006", type };
  const { id } = (await admin.post("/inbound", order)).body;
  const told = await until(
    () => receiver.all("messages").find((message) => message.id === id),
    "the message",
  );

  const bytes = await fetch(told[type].url, { headers: { authorization: `Bearer ${keys.accessToken}` } });

  expect(told[type].mime_type).toBe(mimeType);
  expect(bytes.headers.get("content-type")).toBe(mimeType);
  expect(Buffer.from(await bytes.arrayBuffer()).toString("hex")).toMatch(new RegExp(`^${beginning}`));
});

test("can sign wrongly, resend, hold back, and tell anything", async () => {
  const { admin, keys, receiver } = stage;
  await admin.post("/settings", { signature: "wrong" });
  await admin.post("/events", {
    wabaId: keys.wabaId,
    field: "account_update",
    value: { event: "ACCOUNT_DELETED" },
  });
  await until(() => receiver.changes("account_update").length === 1, "the event");
  await admin.post("/settings", { signature: "correct" });
  const forged = receiver.received.find(({ raw }) => raw.includes("ACCOUNT_DELETED"));
  const delivery = (await admin.get("/outbox")).body.recent.find(({ body }: { body: string }) =>
    body.includes("ACCOUNT_DELETED"),
  );

  expect(forged?.headers["x-hub-signature-256"]).not.toBe(sign(keys.appSecret, forged?.raw ?? ""));
  expect((await admin.post(`/outbox/${delivery.id}/resend`, { times: 3 })).body.statuses).toEqual([
    200, 200, 200,
  ]);
  expect(receiver.changes("account_update")).toHaveLength(4);

  await admin.post("/settings", { webhooksPaused: true });
  const wamid = await idOf(stage.send(offerTo("+919811240002")));
  await until(async () => (await admin.get("/outbox")).body.outstanding > 0, "the outbox to fill");
  expect(receiver.statusesOf(wamid)).toEqual([]);
  await admin.post("/settings", { webhooksPaused: false });
  await untilStatuses(wamid, 1);
});

test("tells each business its own things only", async () => {
  const other = await joinStage(stage.sandbox, stage.receiver, { name: "Other" });
  const wamid = await idOf(other.send(offerTo("+919811250002")));
  await untilStatuses(wamid, 1);

  const [webhook] = carrying(wamid);
  expect(webhook?.headers["x-hub-signature-256"]).toBe(sign(other.keys.appSecret, webhook?.raw ?? ""));
  expect(webhook?.body.entry.map(({ id }: { id: string }) => id)).toEqual([other.keys.wabaId]);
});
