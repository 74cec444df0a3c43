import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";

const graphApi = await vi.hoisted(async () => {
  const { createServer } = await import("node:http");
  const calls: { url: string; authorization: string | undefined }[] = [];
  const state = {
    calls,
    answer: { status: 200, body: {} as object },
    file: "bytes",
    headers: {} as Record<string, string>,
  };
  const server = createServer((request, response) => {
    calls.push({ url: String(request.url), authorization: request.headers.authorization });
    if (request.url?.startsWith("/_media")) {
      const status = Number(state.headers.status ?? 200);
      response.writeHead(status, state.headers).end(state.file);
    } else response.writeHead(state.answer.status).end(JSON.stringify(state.answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  process.env.WHATSAPP_SANDBOX_URL = url;
  return { ...state, state, url, close: () => server.close() };
});

const { bounded, downloadFromMeta, isMetaFile } = await import("@/lib/whatsapp/media");

afterAll(() => graphApi.close());

async function all(bytes: AsyncIterable<Uint8Array>) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return chunks;
}

test.each([
  ["https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", true],
  ["https://scontent.xx.fbsbx.com/a", true],
  ["http://lookaside.fbsbx.com/a", false],
  ["https://lookaside.fbsbx.com:8443/a", false],
  ["https://lookaside.fbsbx.com@evil.example/a", false],
  ["https://someone@lookaside.fbsbx.com/a", false],
  ["https://lookaside.fbsbx.com.evil.example/a", false],
  ["https://evilfbsbx.com/a", false],
  ["http://169.254.169.254/latest/meta-data", false],
  ["http://127.0.0.1:4010/_media/1", true],
  ["http://127.0.0.1:4011/_media/1", false],
  ["file:///etc/passwd", false],
  ["nonsense", false],
])("whether the access token may go to %s: %s", (address, allowed) => {
  expect(isMetaFile(address, "http://127.0.0.1:4010/v25.0")).toBe(allowed);
});

describe("a file", () => {
  const access = { isSandbox: true, accessToken: "secret" };
  const { state } = graphApi;
  const open = () => downloadFromMeta(access, "111", "42");

  beforeEach(() => {
    graphApi.calls.length = 0;
    state.answer = { status: 200, body: { url: `${graphApi.url}/_media/1`, mime_type: "image/png" } };
    state.headers = {};
  });

  test("is asked for in the name of the number that got it", async () => {
    const { bytes, mimeType, size } = await open();

    expect(Buffer.concat(await all(bytes)).toString()).toBe("bytes");
    expect({ mimeType, size }).toEqual({ mimeType: "image/png", size: null });
    expect(graphApi.calls).toEqual([
      { url: "/42?phone_number_id=111", authorization: "Bearer secret" },
      { url: "/_media/1", authorization: "Bearer secret" },
    ]);
  });

  test("is not fetched from anywhere else", async () => {
    const elsewhere = createServer((_, response) => response.end("stolen"));
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const visit = vi.fn();
    elsewhere.on("request", visit);
    state.answer.body = { url: `http://127.0.0.1:${port}/`, mime_type: "image/png" };

    await expect(open()).rejects.toMatchObject({ code: "UPSTREAM" });
    state.answer.body = { url: `${graphApi.url}/_media/1`, mime_type: "image/png" };
    state.headers = { status: "302", location: `http://127.0.0.1:${port}/` };
    await expect(open()).rejects.toMatchObject({ code: "UPSTREAM" });

    expect(visit).not.toHaveBeenCalled();
    elsewhere.close();
  });

  test("that is larger than any is refused before it is read", async () => {
    state.headers = { "content-length": String(200 * 1024 * 1024) };

    await expect(open()).rejects.toMatchObject({ code: "UPSTREAM" });
  });

  test.each([
    [{ error: { code: 100, message: "Unsupported get request" } }, "NOT_FOUND"],
    [{ error: { code: 190, message: "Expired" } }, "UPSTREAM"],
    [{ id: "42" }, "UPSTREAM"],
  ])("that is not there is said to be gone: %j", async (body, code) => {
    state.answer = { status: "error" in body ? 400 : 200, body };

    await expect(open()).rejects.toMatchObject({ code });
  });
});

test("breaks off at the first byte too many", async () => {
  async function* body() {
    yield Buffer.alloc(3);
    yield Buffer.alloc(3);
  }

  expect((await all(bounded(body(), 6))).length).toBe(2);
  await expect(all(bounded(body(), 5))).rejects.toThrow("larger");
});
