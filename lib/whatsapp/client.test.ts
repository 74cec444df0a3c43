import type { RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
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

const { env } = await import("@/lib/env");
const { graph, sendMessage } = await import("@/lib/whatsapp/client");

const access = { isSandbox: true, accessToken: "a token" };
const send = (body: object | string = { to: "+1" }) => sendMessage(access, "123", body);
const accepted = { messages: [{ id: "wamid.1" }], contacts: [{ wa_id: "49151" }] };

const answerWith = (answer: RequestListener) => {
  listener = answer;
};

/** An address where a first word is expected to be TLS, and what it does with it. */
async function tlsAt(react: (socket: Socket) => void): Promise<string> {
  const other = createServer((socket) =>
    socket.once("data", () => react(socket)).on("error", () => undefined),
  );
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  others.push(other);
  return `https://127.0.0.1:${(other.address() as AddressInfo).port}/v25.0`;
}

const others: Server[] = [];

afterAll(() => {
  for (const other of others) other.close();
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

test("whoever posts right after an answer does so over its connection", async () => {
  const used = new Set<Socket>();
  answerWith((request, response) => {
    used.add(request.socket);
    response.end(JSON.stringify(accepted));
  });

  for (let round = 0; round < 10; round++) await send();

  expect(used.size).toBe(1);
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

test.each([
  ["nobody listens", async () => "http://127.0.0.1:9/v25.0"],
  [
    "the other side does not speak TLS",
    async () => await tlsAt((socket) => socket.end("HTTP/1.1 400 Bad\r\n\r\n")),
  ],
  ["the connection is cut while it is being secured", async () => await tlsAt((socket) => socket.destroy())],
])("knows that a message never left when %s", async (_, url) => {
  env.WHATSAPP_GRAPH_URL = await url();

  const outcome = await sendMessage({ ...access, isSandbox: false }, "123", { to: "+1" });

  expect(outcome).toEqual({ kind: "unreachable" });
});

test("knows that a message never left when there is no sandbox", async () => {
  const { WHATSAPP_SANDBOX_URL } = env;
  delete env.WHATSAPP_SANDBOX_URL;

  const outcome = await send();

  env.WHATSAPP_SANDBOX_URL = WHATSAPP_SANDBOX_URL;
  expect(outcome).toEqual({ kind: "unreachable" });
});

test("takes a number that this token cannot see for a fault of the account, not of the message", async () => {
  answerWith((_request, response) => {
    const error = { code: 100, error_subcode: 33, message: "Unsupported post request." };
    response.writeHead(400).end(JSON.stringify({ error }));
  });

  expect(await send()).toMatchObject({ kind: "refused", code: 33 });
});

test("lets nobody wait for the connections on which somebody else waits", async () => {
  let waiting = 0;
  answerWith(({ url }, response) => {
    if (url?.includes("/slow/")) waiting += 1;
    else response.end(JSON.stringify(accepted));
  });
  const slow = Array.from({ length: 600 }, () => sendMessage(access, "slow", { to: "+1" }));
  await vi.waitFor(() => expect(waiting).toBeGreaterThanOrEqual(512), { timeout: 5000 });

  expect(await send()).toMatchObject({ kind: "accepted" });

  answerWith((_, response) => response.end());
  server.closeAllConnections();
  await Promise.all(slow);
});
