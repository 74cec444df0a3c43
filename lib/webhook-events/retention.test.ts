import { beforeEach, describe, expect, test } from "vitest";
import { sql } from "@/lib/db";
import type { UserId } from "@/lib/tenant";
import { plantEvents } from "@/lib/testing/events";
import { createUser } from "@/lib/testing/factories";
import { webhookEventRepository } from "@/lib/webhook-events/repository";

const plant = (userId: UserId | null, ages: number[], kind = "message_status") =>
  plantEvents(
    userId,
    ages.map((age) => ({ age, kind })),
  );

async function agesOf(userId: UserId): Promise<number[]> {
  const rows = await sql<{ age: number }>`
    SELECT round(extract(epoch FROM now() - "receivedAt") / 86400)::int AS age FROM webhook_events
    WHERE "userId" = ${userId} ORDER BY "id"`;
  return rows.map(({ age }) => age);
}

let userId: UserId;

beforeEach(async () => {
  userId = await createUser();
});

describe("deleteOldEvents", () => {
  test("deletes what is older than the days, and nothing else", async () => {
    await plant(userId, [90.001, 91, 400, 89.999, 1]);

    await webhookEventRepository.deleteOldEvents(90);

    expect(await agesOf(userId)).toEqual([90, 1]);
  });

  test("asks when an event was received, whatever its id says", async () => {
    await plant(userId, [0, 0]);
    await sql`
      UPDATE webhook_events SET "receivedAt" = now() - interval '91 days' WHERE "id" = (
        SELECT "id" FROM webhook_events WHERE "userId" = ${userId} ORDER BY "id" LIMIT 1)`;

    await webhookEventRepository.deleteOldEvents(90);

    expect(await agesOf(userId)).toEqual([0]);
  });

  test("keeps an account's events for as long as the account wants, longer or shorter", async () => {
    const [short, long] = [
      await createUser({ webhookEventDays: 7 }),
      await createUser({ webhookEventDays: 365 }),
    ];
    for (const account of [userId, short, long]) await plant(account, [366, 91, 89, 8, 6]);

    await webhookEventRepository.deleteOldEvents(90);

    expect(await agesOf(userId)).toEqual([89, 8, 6]);
    expect(await agesOf(short)).toEqual([6]);
    expect(await agesOf(long)).toEqual([91, 89, 8, 6]);
  });

  test("deletes old events that concern nobody", async () => {
    const kind = `nobody_${userId}`;
    await plant(null, [91, 89], kind);

    await webhookEventRepository.deleteOldEvents(90);

    expect(await sql`SELECT "id" FROM webhook_events WHERE "eventType" = ${kind}`).toHaveLength(1);
  });

  test("deletes more than one statement takes, past those that somebody keeps", async () => {
    const keeper = await createUser({ webhookEventDays: 365 });
    await plant(keeper, Array(6_000).fill(200));
    await plant(userId, Array(11_000).fill(100));

    await webhookEventRepository.deleteOldEvents(90);

    expect(await agesOf(userId)).toEqual([]);
    expect(await agesOf(keeper)).toHaveLength(6_000);
  });

  test("stops at its limit and goes on the next time", async () => {
    await plant(userId, Array(11_000).fill(100));

    while ((await agesOf(userId)).length > 0) {
      const before = (await agesOf(userId)).length;
      await webhookEventRepository.deleteOldEvents(90, 1);
      const deleted = before - (await agesOf(userId)).length;
      expect(deleted).toBeLessThanOrEqual(5_000);
      expect(deleted).toBeGreaterThan(0);
    }
  });

  test("deletes each event once, however many run at the same time, and waits for nobody", async () => {
    await plant(userId, Array(6_000).fill(100));

    await Promise.all([1, 2, 3].map(() => webhookEventRepository.deleteOldEvents(90)));

    expect(await agesOf(userId)).toEqual([]);
  });
});
