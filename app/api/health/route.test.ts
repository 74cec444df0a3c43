import { expect, test, vi } from "vitest";
import { GET } from "@/app/api/health/route";
import { pool } from "@/lib/db/pool";

test("is healthy while the database answers, and says so without caches", async () => {
  const response = await GET();

  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(await response.json()).toEqual({
    healthy: true,
    latency: expect.any(Number),
    connections: { total: expect.any(Number), idle: expect.any(Number), waiting: 0 },
    webhooks: { refused: expect.any(Number) },
  });
});

test("is a 503 without the reason when the database does not answer", async () => {
  vi.spyOn(pool, "query").mockImplementation(() =>
    Promise.reject(new Error("password authentication failed")),
  );

  const response = await GET();

  expect(response.status).toBe(503);
  expect(await response.text()).not.toContain("password");
});
