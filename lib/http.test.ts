import { describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { publicRoute } from "@/lib/http";

vi.mock("@/lib/auth", () => ({ authenticate: vi.fn() }));

const route = publicRoute({ body: z.object({ name: z.string() }) }, async ({ body }) => body);
const post = (body: BodyInit) =>
  route(new Request("http://localhost/", { method: "POST", body, duplex: "half" } as RequestInit), {
    params: Promise.resolve({}),
  });

test("reads a body, in UTF-8", async () => {
  expect(await (await post('\ufeff{"name":"Zoë"}')).json()).toEqual({ name: "Zoë" });
});

test("stops reading a body that has no end", async () => {
  let megabytes = 0;
  const endless = new ReadableStream({
    pull(controller) {
      megabytes += 1;
      if (megabytes > 50) controller.close();
      else controller.enqueue(new Uint8Array(1024 * 1024));
    },
  });

  expect((await post(endless)).status).toBe(413);
  expect(megabytes).toBeLessThan(5);
});

test("does not begin to read a body that says it is too large", async () => {
  const request = new Request("http://localhost/", { method: "POST", body: "{}" });
  request.headers.set("content-length", String(2 * 1024 * 1024));

  expect((await route(request, { params: Promise.resolve({}) })).status).toBe(413);
});

describe("a text that PostgreSQL cannot store", () => {
  const refusal = "A text holds a character that cannot be stored";

  test.each(["a\0b", "a\ud83d"])("is refused in words: %j", async (name) => {
    const response = await post(JSON.stringify({ name }));

    expect(response.status).toBe(422);
    expect((await response.json()).error.message).toBe(refusal);
  });

  test("is refused as a name and within a list, too", async () => {
    const nested = publicRoute({ body: z.array(z.record(z.string(), z.string())) }, async () => null);
    const body = JSON.stringify([{ "k\0": "v" }]);

    const response = await nested(new Request("http://localhost/", { method: "POST", body }), {
      params: Promise.resolve({}),
    });

    expect(response.status).toBe(422);
  });

  test("is refused in an address", async () => {
    const search = publicRoute({ query: z.object({ search: z.string() }) }, async ({ query }) => query);
    const statusOf = async (query: string) =>
      (await search(new Request(`http://localhost/${query}`), { params: Promise.resolve({}) })).status;

    expect(await statusOf("?search=a%00")).toBe(422);
    expect(await statusOf("?search=a%20b")).toBe(200);
  });

  test("is not one that only looks odd", async () => {
    const name = "😀 مریم \u200f \\u0000 \t";

    expect(await (await post(JSON.stringify({ name }))).json()).toEqual({ name });
  });
});
