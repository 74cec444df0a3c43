import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test, vi } from "vitest";
import * as z from "zod";

let listener: RequestListener = () => undefined;

/** Nobody listens at Meta's address, the discard port. */
const server = await vi.hoisted(async () => {
  const { createServer } = await import("node:http");
  const started = createServer((request, response) => listener(request, response));
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  process.env.WHATSAPP_SANDBOX_URL = `http://127.0.0.1:${(started.address() as AddressInfo).port}/v25.0/`;
  process.env.WHATSAPP_GRAPH_URL = "http://127.0.0.1:9/v25.0";
  return started;
});

const { graph, sendMessage } = await import("@/lib/whatsapp/client");

const access = { isSandbox: true, accessToken: "a token" };
const send = (body: object | string = { to: "+1" }) => sendMessage(access, "123", body);
const accepted = { messages: [{ id: "wamid.1" }], contacts: [{ wa_id: "49151" }] };

const answerWith = (answer: RequestListener) => {
  listener = answer;
};

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test("posts an object and JSON that is written already alike, with the token and below the API's version", async () => {
  const calls: object[] = [];
  answerWith((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const { authorization, "content-type": type } = request.headers;
      calls.push({ call: `${request.method} ${request.url}`, authorization, type, body });
      response.end(JSON.stringify(accepted));
    });
  });

  await send({ to: "+1 Zoë" });
  const outcome = await send('{"to":"+1 Zoë"}');

  const answer = { whatsappMessageId: "wamid.1", waId: "49151", isHeld: false };
  expect(outcome).toEqual({ kind: "accepted", ...answer });
  const call = {
    call: "POST /v25.0/123/messages",
    authorization: "Bearer a token",
    type: "application/json",
    body: '{"to":"+1 Zoë"}',
  };
  expect(calls).toEqual([call, call]);
});

test("reads an answer that comes in pieces, after an early hint", async () => {
  const body = Buffer.from(JSON.stringify({ name: "Zoë 😀" }));
  answerWith((_, response) => {
    response.writeEarlyHints({ link: "</x>; rel=preload" });
    response.write(body.subarray(0, 12));
    setImmediate(() => response.write(body.subarray(12, 15)));
    setImmediate(() => setImmediate(() => response.end(body.subarray(15))));
  });

  await expect(graph(access, "GET", "/me", z.object({ name: z.string() }))).resolves.toEqual({
    name: "Zoë 😀",
  });
});

test.each([
  ["Meta's refusal", 400, JSON.stringify({ error: { code: 131026, message: "No" } }), 131026],
  ["a bare 429", 429, "", 130429],
])("tells %s and how long to wait", async (_, status, body, code) => {
  answerWith((_request, response) => {
    response.writeHead(status, { "retry-after": "7" }).end(body);
  });

  expect(await send()).toMatchObject({ kind: "refused", code, retryAfterMs: 7000 });
});

test("does not claim to know what became of a message when the answer is not Meta's", async () => {
  answerWith((_, response) => response.writeHead(502).end("<html>"));

  expect(await send()).toEqual({ kind: "unknown", details: "status 502" });
});

test.each([
  ["before it answers", ""],
  ["within the head of its answer", "HTTP/1.1 200 OK\r\ncontent-"],
  [
    "within the body of its answer",
    'HTTP/1.1 200 OK\r\ncontent-length: 200\r\n\r\n{"messages":[{"id":"wamid.1"',
  ],
])("does not claim to know what became of a message when the other side hangs up %s", async (_, bytes) => {
  answerWith(({ socket }) => socket.end(bytes));

  expect(await send()).toMatchObject({ kind: "unknown" });
});

test("knows that a message never left when nobody listens", async () => {
  const outcome = await sendMessage({ ...access, isSandbox: false }, "123", { to: "+1" });

  expect(outcome).toEqual({ kind: "unreachable" });
});
