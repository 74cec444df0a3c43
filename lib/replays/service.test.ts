import { readdirSync, readFileSync } from "node:fs";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { db, sql } from "@/lib/db";
import { pool } from "@/lib/db/pool";
import { eventConsoleRepository } from "@/lib/event-console/repository";
import { replayRepository } from "@/lib/replays/repository";
import { failReplay, replayNext, startReplay, stopReplay, sweepReplays } from "@/lib/replays/service";
import type { UserId } from "@/lib/tenant";
import { plantEvents } from "@/lib/testing/events";
import { createTemplate, createUser } from "@/lib/testing/factories";
import {
  type Account,
  bodyOf,
  change,
  connectedAccount,
  sentMessage,
  sign,
  status,
} from "@/lib/testing/webhooks";
import { NO_MESSAGE } from "@/lib/webhook-events/repository";
import { finishProcessing, ingestWebhook } from "@/lib/webhook-events/service";

const { send } = vi.hoisted(() => ({ send: vi.fn(async () => undefined) }));
vi.mock("@/inngest/client", () => ({ inngest: { send } }));

const ingest = async (account: Account, body: Buffer) => {
  expect(await ingestWebhook(body, sign(account.appSecret, body), account.userId)).toBe(200);
  await finishProcessing();
};
const deliver = (account: Account, ...entry: object[]) => ingest(account, bodyOf(...entry));

const run = async (userId: UserId, replayId: string) => {
  while (await replayNext(userId, replayId));
};
const replayAll = async (userId: UserId) => run(userId, (await startReplay(userId, {})).id);

/** Everything an account has, without the events themselves and the moment of the last write. */
async function worldOf(userId: UserId): Promise<unknown> {
  const { rows: tables } = await pool.query<{ name: string }>(`
    SELECT table_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'userId' AND table_name NOT IN ('webhook_events', 'replays')
    ORDER BY 1`);
  const world: Record<string, unknown> = {};
  for (const { name } of tables) {
    const query = `SELECT to_jsonb(t) - 'updatedAt' AS row FROM ${name} t WHERE "userId" = $1 ORDER BY to_jsonb(t)::text`;
    world[name] = (await pool.query(query, [userId])).rows;
  }
  return world;
}

const eventsOf = (userId: UserId) =>
  db.webhookEvent.findMany({
    where: { userId },
    select: { id: true, processed: true, errorMessage: true },
    orderBy: { id: "asc" },
  });

/** An event that is stored and was not applied, as after a fault on our side. */
async function plantFailed(account: Account, messageIds: string[], state = "delivered"): Promise<string[]> {
  return plantEvents(
    account.userId,
    messageIds.map((id) => ({
      errorMessage: "This event could not be processed.",
      payload: { entry: [change(account, { statuses: [status(id, state)] })] },
    })),
  );
}

let account: Account;
let userId: UserId;

beforeEach(async () => {
  account = await connectedAccount();
  userId = account.userId;
  send.mockClear();
});

describe("replaying everything twice", () => {
  test("leaves every row and counter as it was, whatever came in", async () => {
    const { message, campaign } = await sentMessage(account);
    const { message: other } = await sentMessage(account);
    await createTemplate(userId, { whatsappTemplateId: "6012345" });
    for (const state of ["sent", "read", "delivered"])
      await deliver(account, change(account, { statuses: [status(message.id, state)] }));
    await deliver(
      account,
      change(account, { statuses: [status(other.id, "failed", { errors: [{ code: 131026 }] })] }),
    );
    const folder = "lib/testing/fixtures/webhooks";
    for (const sample of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
      const text = readFileSync(`${folder}/${sample}`, "utf8")
        .replaceAll("106540352242922", account.phoneNumberId)
        .replaceAll("102290129340398", account.wabaId)
        .replaceAll("wamid.", `wamid.${userId}`);
      await ingest(account, Buffer.from(text));
    }
    const before = await worldOf(userId);
    const events = await eventsOf(userId);

    await replayAll(userId);
    await finishProcessing();
    const once = await worldOf(userId);
    await replayAll(userId);
    await finishProcessing();

    expect(once).toEqual(before);
    expect(await worldOf(userId)).toEqual(before);
    expect(await eventsOf(userId)).toEqual(events);
    expect(await db.campaign.findUnique({ where: { id: campaign.id, userId } })).toMatchObject({
      ...{ sentCount: 1, deliveredCount: 1, readCount: 1, failedCount: 0 },
    });
  });

  test("does not bring back how things stood", async () => {
    const report = (current_limit: string) =>
      deliver(
        account,
        change(account, { event: "THROUGHPUT_UPGRADE", current_limit }, "phone_number_quality_update"),
      );
    await report("TIER_250");
    await report("TIER_10K");
    await sql`UPDATE lanes SET "messagingLimit" = 100000 WHERE "userId" = ${userId}`;
    const before = await worldOf(userId);

    await replayAll(userId);

    expect(await worldOf(userId)).toEqual(before);
    expect((await eventsOf(userId)).every(({ processed }) => processed)).toBe(true);
  });

  test("does not take back what somebody said later", async () => {
    const waId = "16505551234";
    const say = (body: string, timestamp: number) =>
      deliver(
        account,
        change(account, {
          contacts: [{ wa_id: waId, profile: { name: "Sheena" } }],
          messages: [
            { id: `wamid.${userId}.${timestamp}`, from: waId, timestamp, type: "text", text: { body } },
          ],
        }),
      );
    await say("STOP", 1_763_800_000);
    await deliver(
      account,
      change(
        account,
        {
          user_preferences: [
            { wa_id: waId, value: "stop", category: "marketing_messages", timestamp: 1_763_800_005 },
          ],
        },
        "user_preferences",
      ),
    );
    await say("START", 1_763_800_010);
    const before = await worldOf(userId);

    await replayAll(userId);

    expect(await worldOf(userId)).toEqual(before);
  });
});

describe("a replay", () => {
  test("applies what could not be applied, and only what is asked for", async () => {
    const { message, campaign } = await sentMessage(account);
    const [old = ""] = await plantFailed(account, [message.id]);
    const [kept = ""] = await plantEvents(userId, [{ kind: "message", errorMessage: NO_MESSAGE }]);

    const { id } = await startReplay(userId, { result: "failed" });
    await run(userId, id);

    expect(await replayRepository.findLatest(userId)).toMatchObject({
      ...{ id, status: "completed", totalCount: 1, doneCount: 1, failedCount: 0 },
    });
    expect(await eventsOf(userId)).toEqual([
      { id: old, processed: true, errorMessage: null },
      { id: kept, processed: false, errorMessage: NO_MESSAGE },
    ]);
    expect(await db.campaign.findUnique({ where: { id: campaign.id, userId } })).toMatchObject({
      deliveredCount: 1,
    });
  });

  test("says how many fail again, and ends all the same", async () => {
    await plantFailed(account, [crypto.randomUUID(), crypto.randomUUID()]);

    await run(userId, (await startReplay(userId, { result: "failed" })).id);

    expect(await replayRepository.findLatest(userId)).toMatchObject({
      ...{ status: "completed", doneCount: 2, failedCount: 2 },
    });
  });

  test("touches no event of another account", async () => {
    const stranger = await connectedAccount();
    const { message } = await sentMessage(stranger);
    await plantFailed(stranger, [message.id]);
    await plantFailed(account, [message.id]);
    const before = await eventsOf(stranger.userId);

    await replayAll(userId);

    expect(await eventsOf(stranger.userId)).toEqual(before);
    expect(await db.message.findUnique({ where: { id: message.id, userId: stranger.userId } })).toMatchObject(
      {
        deliveredAt: null,
      },
    );
  });

  test("takes nothing that came in after it was started", async () => {
    await plantFailed(account, [crypto.randomUUID()]);
    const { id } = await startReplay(userId, {});
    const [late] = await plantFailed(account, [crypto.randomUUID()]);

    await run(userId, id);

    expect((await eventsOf(userId)).find((event) => event.id === late)).toMatchObject({
      errorMessage: "This event could not be processed.",
    });
  });

  test("run by many at once takes each event once", async () => {
    const sent = await Promise.all(Array.from({ length: 5 }, () => sentMessage(account)));
    const ids = Array.from({ length: 500 }, (_, index) => sent[index % 5]?.message.id ?? "");
    await plantFailed(account, ids);

    const { id } = await startReplay(userId, {});
    await Promise.all([1, 2, 3, 4].map(() => run(userId, id)));

    expect(await replayRepository.findLatest(userId)).toMatchObject({
      ...{ status: "completed", totalCount: 500, doneCount: 500, failedCount: 0 },
    });
    for (const { campaign } of sent)
      expect(await db.campaign.findUnique({ where: { id: campaign.id, userId } })).toMatchObject({
        deliveredCount: 1,
      });
  });

  test("goes on where it was when whoever ran it died", async () => {
    const { message } = await sentMessage(account);
    const ids = await plantFailed(account, Array(5).fill(message.id));
    const { id } = await startReplay(userId, {});

    const taken = await replayRepository.takeNext(userId, id, 2);
    await run(userId, id);

    expect(taken).toEqual(ids.slice(0, 2));
    expect((await eventsOf(userId)).every(({ processed }) => processed)).toBe(true);
    expect(await replayRepository.findLatest(userId)).toMatchObject({ doneCount: 5, status: "completed" });
  });

  test("is found by the sweep when nobody runs it, and its event could not be sent", async () => {
    await plantFailed(account, [crypto.randomUUID()]);
    send.mockRejectedValueOnce(new Error("no engine"));
    const { id } = await startReplay(userId, {});
    await sql`UPDATE replays SET "updatedAt" = now() - interval '3 minutes' WHERE "id" = ${id}`;
    send.mockClear();

    await sweepReplays();

    expect(send).toHaveBeenCalledWith(
      expect.objectContaining({ name: "replay/started", data: { userId, replayId: id } }),
    );
  });

  test("can be stopped once, and what is left stays as it is", async () => {
    await plantFailed(account, Array(3).fill(crypto.randomUUID()));
    const { id } = await startReplay(userId, {});
    await replayRepository.takeNext(userId, id, 1);

    await stopReplay(userId, id);

    expect(await replayNext(userId, id)).toBe(false);
    await expect(stopReplay(userId, id)).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await replayRepository.findLatest(userId)).toMatchObject({ status: "stopped", doneCount: 1 });
    expect((await eventsOf(userId)).filter(({ errorMessage }) => errorMessage !== null)).toHaveLength(2);
  });

  test("that fails says so in plain words, and makes room for another", async () => {
    await plantFailed(account, [crypto.randomUUID()]);
    const { id } = await startReplay(userId, {});

    await failReplay(userId, id);

    expect(await replayRepository.findLatest(userId)).toMatchObject({
      ...{ status: "failed", errorMessage: expect.stringContaining("problem on our side") },
    });
    await startReplay(userId, {});
  });
});

describe("a replay is refused", () => {
  test("while another one runs, however many ask at once", async () => {
    await plantFailed(account, [crypto.randomUUID()]);

    const asked = await Promise.allSettled([1, 2, 3].map(() => startReplay(userId, {})));

    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(startReplay(userId, {})).rejects.toThrow("A replay is running already");
  });

  test("when there is nothing to replay", async () => {
    await expect(startReplay(userId, {})).rejects.toThrow("There is no such event.");
  });

  test("of more events than one may take", async () => {
    vi.spyOn(eventConsoleRepository, "count").mockResolvedValueOnce(100_001);

    await expect(startReplay(userId, {})).rejects.toThrow("at most 100,000 events");
  });

  test("when finding its events takes too long", async () => {
    const tooLong = Object.assign(new Error("canceling statement"), { code: "57014" });
    vi.spyOn(eventConsoleRepository, "count").mockRejectedValueOnce(tooLong);

    await expect(startReplay(userId, { search: "x" })).rejects.toThrow("takes too long");
  });

  test("to a stranger, who cannot stop it either", async () => {
    await plantFailed(account, [crypto.randomUUID()]);
    const { id } = await startReplay(userId, {});
    const stranger = await createUser();

    await expect(stopReplay(stranger, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await replayNext(stranger, id)).toBe(false);
    expect(await replayRepository.findLatest(userId)).toMatchObject({ status: "running", doneCount: 0 });
  });
});
