import { createHmac, randomUUID } from "node:crypto";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { campaignRepository } from "@/lib/campaigns/repository";
import { db } from "@/lib/db";
import {
  type Account,
  bodyOf,
  change,
  connectedAccount,
  openEndpoint,
  sentMessage,
  sign,
  status,
} from "@/lib/testing/webhooks";
import { refusedWebhooks } from "@/lib/webhook-events/refusals";
import { finishProcessing } from "@/lib/webhook-events/service";

/** Everything here goes through the endpoint, over a socket, into the database. */
let endpoint: Awaited<ReturnType<typeof openEndpoint>>;
beforeAll(async () => {
  endpoint = await openEndpoint();
});
afterAll(() => endpoint.close());

let account: Account;
let sent: Awaited<ReturnType<typeof sentMessage>>;
beforeEach(async () => {
  account = await connectedAccount();
  sent = await sentMessage(account);
});

const signed = (body: Uint8Array, secret = account.appSecret) => ({
  "x-hub-signature-256": sign(secret, body),
});
const statusOf = async (id = sent.message.id) =>
  (await db.message.findUnique({ where: { id, userId: account.userId } }))?.status;
const countEvents = () => db.webhookEvent.count({ where: { userId: account.userId } });
const report = () => bodyOf(change(account, { statuses: [status(sent.message.id, "read")] }));

/** A signed call that would be applied, with this much more at its top level. */
const withMore = (json: string) => Buffer.from(`${report().toString().slice(0, -1)},${json}}`);

test("a signed call is applied: the others here would be, were they not refused", async () => {
  expect(await endpoint.post(report(), signed(report()))).toBe(200);
  expect(await statusOf()).toBe("read");
});

describe("forged", () => {
  const hexOf = (body: Uint8Array) => sign(account.appSecret, body).slice("sha256=".length);
  const parsedAndWritten = (body: Buffer) => Buffer.from(JSON.stringify(JSON.parse(body.toString())));

  test.each<[string, (body: Buffer) => Record<string, string>]>([
    ["without a signature", () => ({})],
    ["with the signature of another secret", (body) => signed(body, randomUUID())],
    [
      "with half of the signature",
      (body) => ({ "x-hub-signature-256": `sha256=${hexOf(body).slice(0, 32)}` }),
    ],
    ["with more than the signature", (body) => ({ "x-hub-signature-256": `sha256=${hexOf(body)}00` })],
    [
      "with the signature in capitals",
      (body) => ({ "x-hub-signature-256": `sha256=${hexOf(body).toUpperCase()}` }),
    ],
    ["with the signature alone", (body) => ({ "x-hub-signature-256": hexOf(body) })],
    [
      "with the old SHA-1 signature alone",
      (body) => ({
        "x-hub-signature": `sha1=${createHmac("sha1", account.appSecret).update(body).digest("hex")}`,
      }),
    ],
  ])("%s is refused, counted and not stored", async (_, headersOf) => {
    const refused = refusedWebhooks();

    expect(await endpoint.post(report(), headersOf(report()))).toBe(401);

    expect(refusedWebhooks()).toBeGreaterThan(refused);
    expect(await statusOf()).toBe("sending");
    expect(await countEvents()).toBe(0);
  });

  test("by writing the same JSON anew: Meta escapes what a serialiser does not", async () => {
    const body = Buffer.from(report().toString().replace('"read"', '"\\u0072ead"'));
    const anew = parsedAndWritten(body);
    expect(anew).not.toEqual(body);

    expect(await endpoint.post(anew, signed(body))).toBe(401);
    expect(await endpoint.post(body, signed(body))).toBe(200);
  });

  test("by compressing what was signed", async () => {
    const headers = { ...signed(report()), "content-encoding": "gzip" };

    expect(await endpoint.post(gzipSync(report()), headers)).toBe(401);
  });
});

describe("signed and malformed", () => {
  const nested = (depth: number) => `"more":${"[".repeat(depth)}${"]".repeat(depth)}`;

  test.each([
    ["nothing", ""],
    ["half of a document", '{"entry":['],
    ["what is no JSON", "entry=1"],
  ])("%s is refused", async (_, text) => {
    const body = Buffer.from(text);

    expect(await endpoint.post(body, signed(body), `/api/webhooks/${account.userId}`)).toBe(400);
  });

  test("a compressed body is refused, however small it is for what it holds", async () => {
    const body = gzipSync(Buffer.alloc(2 * 1024 * 1024 * 16));
    const headers = { ...signed(body), "content-encoding": "gzip" };

    expect(await endpoint.post(body, headers, `/api/webhooks/${account.userId}`)).toBe(400);
  });

  test("100,000 brackets are refused, and those who call at the same time are not", async () => {
    const bad = withMore(nested(100_000));
    const good = report();

    const answers = await Promise.all(
      [bad, good, bad, good].map((body) => endpoint.post(body, signed(body))),
    );

    expect(answers).toEqual([400, 200, 400, 200]);
    expect(await statusOf()).toBe("read");
    expect(await countEvents()).toBe(2);
  });

  test.each([
    ["keys of the prototype", '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}'],
    ["numbers beyond all bounds", '"more":[1e400,-1e999,123456789012345678901234567890]'],
    ["what JSONB cannot hold", '"more":"\\u0000 \\ud800"'],
    ["fields that nobody knows", '"more":{"field":null}'],
  ])("%s are kept and change nothing", async (_, json) => {
    const body = withMore(json);

    expect(await endpoint.post(body, signed(body))).toBe(200);

    expect(await statusOf()).toBe("read");
    expect(await countEvents()).toBe(1);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test("bytes that are no UTF-8 are kept as characters that say so", async () => {
    const [before = "", after = ""] = withMore('"more":"?"').toString().split("?");
    const body = Buffer.concat([Buffer.from(before), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from(after)]);

    expect(await endpoint.post(body, signed(body))).toBe(200);

    const [event] = await db.webhookEvent.findMany({ where: { userId: account.userId } });
    expect(event?.payload).toMatchObject({ more: "\uFFFD(\uFFFD" });
    expect(await statusOf()).toBe("read");
  });

  test.each([
    ["an unknown status", { statuses: [{ id: "wamid.1", status: "deleted", timestamp: "1763800003" }] }],
    ["a status without anything", { statuses: [{}] }],
    ["no list where one belongs", { statuses: "none", messages: { text: "x" }, contacts: 1 }],
    ["an instant that is none", { statuses: [{ id: "wamid.1", status: "read", timestamp: "1e400" }] }],
  ])("%s is kept and holds up nothing", async (_, value) => {
    const body = bodyOf(
      change(account, value),
      change(account, { statuses: [status(sent.message.id, "read")] }),
    );

    expect(await endpoint.post(body, signed(body))).toBe(200);
    await finishProcessing();

    expect(await statusOf()).toBe("read");
    expect(await countEvents()).toBe(1);
  });
});

test("a report about a campaign that is gone is kept", async () => {
  await db.campaign.update({
    where: { id: sent.campaign.id, userId: account.userId },
    data: { status: "canceled" },
  });
  await campaignRepository.remove(account.userId, sent.campaign.id);

  expect(await endpoint.post(report(), signed(report()))).toBe(200);
  expect(await countEvents()).toBe(1);
});

test("a body that does not come is waited for no longer than it may take", async () => {
  const patient = await openEndpoint(30);
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(patient.port, "127.0.0.1");
    let text = "";
    socket.on("data", (data) => {
      text += data.toString();
    });
    socket.on("end", () => resolve(text));
    socket.on("error", reject);
    socket.write("POST /api/webhooks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
  }).finally(patient.close);

  expect(answer).toMatch(/^HTTP\/1.1 408 /);
  expect(answer).toMatch(/connection: close/i);
});
