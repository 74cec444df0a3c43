import { expect, test, vi } from "vitest";
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
