import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseEntry } from "./ledger";
import { createSandbox } from "./sandbox";
import {
  clientOf,
  fast,
  joinStage,
  offer,
  offerTo,
  openReceiver,
  openStage,
  type Receiver,
  until,
} from "./testing";

let dir: string;
let receiver: Receiver;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "sandbox-test-"));
  receiver = await openReceiver();
});
afterEach(async () => {
  await receiver.close();
  rmSync(dir, { recursive: true, force: true });
});

const fileEntries = () => readFileSync(join(dir, "ledger.jsonl"), "utf8").trim().split("\n").map(parseEntry);

test("has the request before the answer and both before the caller is answered", async () => {
  const sandbox = await createSandbox({ ...fast, dir }).listen();
  const stage = await joinStage(sandbox, receiver);
  const message = offerTo("+919833000001", { biz_opaque_callback_data: "row 1" });

  const { body } = await stage.send(message);
  const written = fileEntries().filter((entry) => entry?.phoneNumberId === stage.keys.phoneNumberId);
  const refused = await stage.graph.post(`/${stage.keys.phoneNumberId}/messages`, "{ not json");
  const entries = fileEntries().filter((entry) => entry?.kind === "request" || entry?.kind === "answer");

  const wamid = body.messages[0].id;
  expect(written).toMatchObject([
    { kind: "request", to: "919833000001", path: `/${stage.keys.phoneNumberId}/messages`, body: message },
    { kind: "answer", to: "919833000001", status: 200, accepted: true, wamid, callbackData: "row 1", body },
  ]);
  expect(written[0]?.requestId).toBe(written[1]?.requestId);
  expect(refused.body.error.code).toBe(100);
  expect(entries.slice(2)).toMatchObject([
    { kind: "request", to: "", body: "{ not json" },
    { kind: "answer", status: 400, accepted: false, code: 100 },
  ]);
  expect(readFileSync(join(dir, "ledger.jsonl"), "utf8")).not.toContain(stage.keys.accessToken);
  await sandbox.close();
});

test("notes every webhook with its answer, and filters what it returns", async () => {
  const stage = await openStage();
  const statuses = [503, 200];
  stage.receiver.answer = (_, response) => {
    response.statusCode = statuses.shift() ?? 200;
    response.end();
  };
  const { body } = await stage.send(offerTo("+919833000002"));
  await until(() => stage.receiver.statusesOf(body.messages[0].id).length === 2, "the second attempt");
  await until(async () => (await stage.admin.get("/health")).body.outstanding === 0, "an empty outbox");
  const own = await stage.ledger(`phoneNumberId=${stage.keys.phoneNumberId}`);
  const webhooks = own.filter(({ kind }) => kind === "webhook");
  const answers = await stage.ledger("kind=webhook_answer");
  const last = own.at(-1)?.seq ?? 0;

  expect(webhooks).toMatchObject([
    {
      attempt: 1,
      updates: [{ id: body.messages[0].id, status: "sent", event: 0 }],
      signature: expect.stringMatching(/^sha256=/),
    },
    { attempt: 2 },
  ]);
  expect(answers.filter(({ deliveryId }) => deliveryId === webhooks[0]?.deliveryId)).toMatchObject([
    { status: 503 },
    { status: 200 },
  ]);
  expect((await stage.ledger(`after=${last - 1}`))[0]?.seq).toBe(last);
  expect(await stage.ledger("kind=request,answer&limit=1")).toHaveLength(1);
  expect((await stage.ledger()).map(({ seq }) => seq)).toEqual(
    (await stage.ledger()).map((_, index) => index + 1),
  );
  await stage.close();
});

test("keeps business, templates, preferences, windows and outstanding webhooks over a restart", async () => {
  const first = await createSandbox({ ...fast, dir }).listen();
  const stage = await joinStage(first, receiver);
  await stage.admin.post("/settings", { webhooksPaused: true, reviewMs: 1000 });
  const { body: pending } = await stage.graph.post(`/${stage.keys.wabaId}/message_templates`, {
    ...offer,
    name: "under_review",
  });
  const { body } = await stage.send(offerTo("+919833000001"));
  const held = await stage.send(offerTo("+919833000009"));
  await stage.admin.post("/preferences", {
    phoneNumberId: stage.keys.phoneNumberId,
    from: "+919833000101",
    value: "stop",
  });
  await stage.admin.post("/inbound", {
    phoneNumberId: stage.keys.phoneNumberId,
    from: "+919833000201",
    text: "Hi",
  });
  await first.close();
  const second = await createSandbox({ ...fast, dir }).listen();
  const graph = clientOf(`${second.url}/v25.0`, stage.keys.accessToken);
  const send = (message: object) => graph.post(`/${stage.keys.phoneNumberId}/messages`, message);

  await until(() => receiver.statusesOf(body.messages[0].id).length === 2, "the outstanding webhooks");
  await until(
    () => receiver.all("messages").length === 1 && receiver.changes("user_preferences").length === 1,
    "the events",
  );
  const stopped = await send(offerTo("+919833000101"));
  const inWindow = await send({
    messaging_product: "whatsapp",
    to: "+919833000201",
    type: "text",
    text: { body: "Hello" },
  });
  await until(() => receiver.statusesOf(stopped.body.messages[0].id).includes("failed"), "the refusal");
  await until(() => receiver.statusesOf(inWindow.body.messages[0].id).includes("sent"), "the reply");

  expect((await graph.get(`/${stage.templateId}`)).body.status).toBe("APPROVED");
  await until(async () => (await graph.get(`/${pending.id}`)).body.status === "APPROVED", "the review");
  const { body: waiting } = await clientOf(second.url).get("/_sandbox/held");
  expect(waiting.held).toMatchObject([{ wamid: held.body.messages[0].id }]);
  await second.close();

  const third = await createSandbox({ ...fast, dir }).listen();
  const answered = receiver.received.length;
  const numbers = fileEntries().map((entry) => entry?.seq);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  await clientOf(third.url).post("/_sandbox/held", { action: "release" });
  await until(() => receiver.statusesOf(held.body.messages[0].id).length > 0, "the released message");
  expect(receiver.statusesOf(body.messages[0].id)).toHaveLength(2);
  expect(receiver.received.length).toBeGreaterThan(answered);
  await third.close();
});

test("does not stop at a half-written line", async () => {
  const first = await createSandbox({ ...fast, dir }).listen();
  const stage = await joinStage(first, receiver);
  await first.close();
  appendFileSync(join(dir, "ledger.jsonl"), '{"seq":99,"kind":"answer","acce');
  const second = await createSandbox({ ...fast, dir }).listen();

  const { body } = await clientOf(`${second.url}/v25.0`, stage.keys.accessToken).post(
    `/${stage.keys.phoneNumberId}/messages`,
    offerTo("+919833000002"),
  );
  await until(() => receiver.statusesOf(body.messages[0].id).includes("sent"), "the webhook");
  await second.close();

  expect(fileEntries().filter((entry) => entry === null)).toHaveLength(1);
});

test("a killed process takes up again what it had accepted", async () => {
  const first = await start(dir);
  const stage = await joinStage({ url: first.url } as Parameters<typeof joinStage>[0], receiver);
  await stage.admin.post("/settings", { speed: 1000 });
  const ids: string[] = [];
  for (let index = 0; index < 20; index++)
    ids.push((await stage.send(offerTo(`+9198340000${index + 10}5`))).body.messages[0].id);
  first.child.kill("SIGKILL");
  await until(() => first.child.signalCode === "SIGKILL", "the end of the process");
  speedUpPlans();

  const second = await start(dir);
  await until(
    () => ids.every((wamid) => receiver.statusesOf(wamid).length > 0),
    "a webhook for each message",
    8000,
  );
  second.child.kill("SIGTERM");
  await until(() => second.child.exitCode !== null, "the end of the process");
  expect(second.child.exitCode).toBe(0);
}, 20_000);

/** Lets everything planned be due: the ledger is the only thing a killed process leaves. */
function speedUpPlans() {
  const file = join(dir, "ledger.jsonl");
  const text = readFileSync(file, "utf8").replace(/\{"at":\d+,"status"/g, '{"at":1,"status"');
  rmSync(file);
  appendFileSync(file, text);
}

async function start(home: string): Promise<{ child: ChildProcess; url: string }> {
  const main = new URL("./main.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--import", "tsx", main], {
    env: { ...process.env, PORT: "0", SANDBOX_DIR: home, SANDBOX_REVIEW_MS: "10", SANDBOX_SPEED: "0" },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const port = await new Promise<number>((resolve) => {
    child.once("message", (message: { ready: true; port: number }) => resolve(message.port));
  });
  return { child, url: `http://127.0.0.1:${port}` };
}

test("ends when its parent does", async () => {
  const { child } = await start(dir);
  child.disconnect();
  await until(() => child.exitCode !== null, "the end of the process");
  expect(child.exitCode).toBe(0);
}, 15_000);

test("keeps a message on one line whatever is in it", async () => {
  const sandbox = await createSandbox({ ...fast, dir }).listen();
  const stage = await joinStage(sandbox, receiver);
  const data = "a\u2028b\u2029c";
  await stage.send(offerTo("+919833000002", { biz_opaque_callback_data: data }));
  const pretty = JSON.stringify(offerTo("+919833000012"), null, 2);
  await stage.graph.post(`/${stage.keys.phoneNumberId}/messages`, pretty);

  const answers = await stage.ledger("kind=answer");
  const requests = await stage.ledger("kind=request");
  await sandbox.close();

  expect(answers.map(({ callbackData }) => callbackData)).toEqual([data, null]);
  expect(requests[1]?.body).toEqual(JSON.parse(pretty));
});
