import { afterAll, expect, test, vi } from "vitest";

/** Processors take the events of all tenants, and other test files leave some: these have a database to themselves. */
const scratch = await vi.hoisted(async () => {
  const { applyMigrations, createScratchDatabase } = await import("@/prisma/migrate");
  const scratch = await createScratchDatabase(process.env.DATABASE_URL ?? "");
  await applyMigrations(scratch.url);
  process.env.DATABASE_URL = scratch.url;
  return scratch;
});

const { db, sql, transaction } = await import("@/lib/db");
const { pool } = await import("@/lib/db/pool");
const { createUser } = await import("@/lib/testing/factories");
const { webhookEventRepository } = await import("@/lib/webhook-events/repository");
const { processWebhookEvents } = await import("@/lib/webhook-events/service");

afterAll(async () => {
  await pool.end();
  await scratch.drop();
});

test("each stored event goes to one of several processors, and to another when that one died", async () => {
  const event = { userId: await createUser(), eventType: "message", payload: "{}", receipts: null };
  await webhookEventRepository.record(Array.from({ length: 30 }, () => event));

  const held = await transaction(async (run) => {
    const [first] = await run<{
      id: string;
    }>`SELECT "id" FROM webhook_events ORDER BY "id" LIMIT 1 FOR UPDATE`;
    const taken = await Promise.all([1, 2, 3, 4].map(() => webhookEventRepository.takeUnprocessed(20)));
    return { first, taken: taken.flat().map(({ id }) => id) };
  });

  expect(held.taken).toHaveLength(29);
  expect(new Set([...held.taken, held.first?.id]).size).toBe(30);
  await sql`UPDATE webhook_events SET "processedAt" = now() - interval '61 seconds'`;
  await processWebhookEvents();
  expect(await db.webhookEvent.count({ where: { userId: event.userId, processed: true } })).toBe(30);
});
