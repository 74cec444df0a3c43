import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "inngest/node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { functions } from "@/inngest";
import { inngest } from "@/inngest/client";
import { handleCall, MAX_CALL_BYTES } from "@/inngest/http";

const MEGABYTE = Buffer.alloc(1024 * 1024, " ");

let server: Server;
let url: string;
beforeEach(async () => {
  const jobs = serve({ client: inngest, functions });
  server = createServer((request, response) => {
    if (!handleCall(request, response, jobs)) response.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends so many megabytes and never ends. */
const begin = (headers: Record<string, string>, times: number) =>
  new Promise<number | undefined>((resolve, reject) => {
    const call = request(`${url}/api/inngest`, { method: "POST", headers }, (response) => {
      resolve(response.statusCode);
      call.destroy();
    });
    call.on("error", reject);
    for (let left = times; left > 0; left -= 1) call.write(MEGABYTE);
  });

test("the job engine's calls reach Inngest as they came", async () => {
  const signed = await fetch(`${url}/api/inngest?fnId=nothing&stepId=step`, {
    method: "POST",
    body: JSON.stringify({ event: { name: "ä" }, ctx: {} }),
  });
  const seen = await fetch(`${url}/api/inngest`);

  expect([signed.status, await signed.text()]).toEqual([500, expect.stringContaining("nothing")]);
  expect([seen.status, await seen.json()]).toMatchObject([200, { function_count: expect.any(Number) }]);
  expect((await fetch(`${url}/api/inngestion`)).status).toBe(418);
});

test("a call is refused that says it is too large, or becomes it, before it has ended", async () => {
  expect(await begin({ "content-length": String(MAX_CALL_BYTES + 1) }, 1)).toBe(413);
  expect(await begin({ "transfer-encoding": "chunked" }, 9)).toBe(413);
});
