import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { handleWebhook, MAX_WEBHOOK_BYTES, readWebBody } from "@/lib/webhook-events/http";

const ingest = vi.fn(async (_body: Uint8Array, _signature: string | null, _accountKey?: string) => 200);

let server: Server;
let port: number;
beforeEach(async () => {
  ingest.mockReset().mockResolvedValue(200);
  server = createServer((request, response) => {
    if (!handleWebhook(request, response, ingest)) response.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const post = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body, headers });

/** Writes without looking at what comes back, as a sender does, and reads it afterwards. */
function write(head: string, chunk: Buffer, times: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    let left = times;
    const writeOn = () => {
      while (left > 0) {
        left -= 1;
        if (!socket.write(chunk)) return void socket.once("drain", writeOn);
      }
      socket.resume();
    };
    socket.on("data", (data) => {
      answer += data.toString();
    });
    socket.on("end", () => resolve(answer));
    socket.on("error", reject);
    socket.pause();
    socket.write(`POST /api/webhooks HTTP/1.1\r\nHost: localhost\r\n${head}\r\n\r\n`);
    writeOn();
  });
}

test.each([
  ["/api/webhooks", undefined],
  ["/api/webhooks/", undefined],
  ["/api/webhooks/key?x=1", "key"],
])("hands the untouched body of %s, its signature and the account's key on", async (path, key) => {
  const body = Buffer.from('{"a":"\\u00e4"}\n');

  expect((await post(path, body, { "x-hub-signature-256": "sha256=1" })).status).toBe(200);

  expect(ingest).toHaveBeenCalledExactlyOnceWith(body, "sha256=1", key);
});

test.each([400, 401, 503])("answers with %i", async (status) => {
  ingest.mockResolvedValue(status);

  expect((await post("/api/webhooks", "{}")).status).toBe(status);
});

test("answers 503 when nobody knows whether it was stored", async () => {
  ingest.mockRejectedValue(new Error("broken"));

  expect((await post("/api/webhooks", "{}")).status).toBe(503);
});

test.each(["/api/webhooks/a/b", "/api/webhooksx", "/"])("leaves %s to others", async (path) => {
  expect((await post(path, "{}")).status).toBe(418);
  expect((await fetch(`http://127.0.0.1:${port}/api/webhooks`)).status).toBe(418);
});

test("takes exactly three megabytes", async () => {
  expect((await post("/api/webhooks", Buffer.alloc(MAX_WEBHOOK_BYTES))).status).toBe(200);
  expect(ingest.mock.calls[0]?.[0]).toHaveLength(MAX_WEBHOOK_BYTES);
});

const MEGABYTE = Buffer.alloc(1024 * 1024);

test.each([
  ["its length says so", `Content-Length: ${8 * MEGABYTE.length}`, MEGABYTE],
  [
    "more and more comes",
    "Transfer-Encoding: chunked",
    Buffer.concat([Buffer.from("100000\r\n"), MEGABYTE, Buffer.from("\r\n")]),
  ],
])("tells a sender who goes on sending that it is too large when %s", async (_, head, chunk) => {
  const answer = await write(head, chunk, 8);

  expect(answer).toMatch(/^HTTP\/1.1 413 /);
  expect(answer).toMatch(/connection: close/i);
  expect(ingest).not.toHaveBeenCalled();
});

test("is not troubled by a sender who leaves in the middle", async () => {
  const socket = connect(port, "127.0.0.1");
  socket.write("POST /api/webhooks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf");
  await new Promise((resolve) => server.once("request", resolve));
  socket.destroy();

  expect((await post("/api/webhooks", "{}")).status).toBe(200);
  expect(ingest).toHaveBeenCalledTimes(1);
});

test("reads a web request no further than the limit", async () => {
  let pulled = 0;
  const endless = new ReadableStream({
    pull(controller) {
      pulled += 1;
      controller.enqueue(MEGABYTE);
    },
  });
  const requestOf = (body: BodyInit) =>
    new Request("http://localhost", { method: "POST", body, duplex: "half" } as RequestInit);

  expect(await readWebBody(requestOf(endless))).toBeNull();
  expect(pulled).toBeLessThan(10);
  expect(await readWebBody(requestOf("{}"))).toEqual(Buffer.from("{}"));
});
