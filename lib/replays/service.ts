import { setTimeout as sleep } from "node:timers/promises";
import { inngest } from "@/inngest/client";
import { replayStarted } from "@/inngest/events";
import { isTimeout } from "@/lib/db/errors";
import { AppError, conflict, notFound } from "@/lib/errors";
import { eventConsoleRepository } from "@/lib/event-console/repository";
import type { EventFilter, EventQuery } from "@/lib/event-console/schema";
import { filterOf } from "@/lib/event-console/service";
import { logger } from "@/lib/logger";
import { replayRepository } from "@/lib/replays/repository";
import { MAX_REPLAYED } from "@/lib/replays/schema";
import type { UserId } from "@/lib/tenant";
import { wakeProcessor } from "@/lib/webhook-events/service";

/** Few, because the processor takes the oldest first: whoever writes STOP meanwhile waits for these only. */
const BATCH_SIZE = 200;
const LOOK_AGAIN_MS = 50;
const PATIENCE_MS = 10_000;

/** Begins to process once more what a query finds, up to now. */
export async function startReplay(userId: UserId, query: EventQuery): Promise<{ id: string }> {
  const filter = await filterOf(userId, query);
  const total = await countOrRefuse(userId, filter);
  if (total === 0) throw conflict("There is no such event.");
  if (total > MAX_REPLAYED)
    throw conflict(
      `A replay takes at most ${MAX_REPLAYED.toLocaleString("en")} events. Choose fewer days or one kind.`,
    );
  const id = await replayRepository.start(userId, filter, total);
  if (!id) throw conflict("A replay is running already. Wait for its end, or stop it.");
  await announce(userId, id);
  return { id };
}

async function countOrRefuse(userId: UserId, filter: EventFilter): Promise<number> {
  try {
    return await eventConsoleRepository.count(userId, filter, MAX_REPLAYED);
  } catch (error) {
    if (!isTimeout(error)) throw error;
    throw new AppError("CONFLICT", "Finding these events takes too long. Choose fewer days or one kind.");
  }
}

/** The event is only the fast path: the sweep finds a replay that nobody runs. */
async function announce(userId: UserId, replayId: string): Promise<void> {
  await inngest
    .send(replayStarted.create({ userId, replayId }))
    .catch((error: unknown) =>
      logger.warn({ replayId, error: String(error) }, "a replay waits for the sweep"),
    );
}

/** One step of a replay: whether there is another. */
export async function replayNext(userId: UserId, replayId: string): Promise<boolean> {
  const eventIds = await replayRepository.takeNext(userId, replayId, BATCH_SIZE);
  if (eventIds.length === 0) return false;
  const failed = await whenProcessed(userId, eventIds);
  if (failed > 0) await replayRepository.addFailed(userId, replayId, failed);
  return true;
}

/** How many of them failed. Waits for the processor, wherever it runs, but not for ever. */
async function whenProcessed(userId: UserId, eventIds: string[]): Promise<number> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    wakeProcessor();
    const { pending, failed } = await replayRepository.countOutcomes(userId, eventIds);
    if (pending === 0 || performance.now() > deadline) return failed;
    await sleep(LOOK_AGAIN_MS);
  }
}

export async function stopReplay(userId: UserId, replayId: string): Promise<void> {
  if (await replayRepository.end(userId, replayId, "stopped")) return;
  if ((await replayRepository.findLatest(userId))?.id !== replayId) throw notFound("Replay");
  throw conflict("This replay has ended already.");
}

export async function failReplay(userId: UserId, replayId: string): Promise<void> {
  await replayRepository.end(
    userId,
    replayId,
    "failed",
    "It stopped because of a problem on our side. What it had reached is processed; start it again for the rest.",
  );
}

export async function sweepReplays(): Promise<void> {
  for (const replay of await replayRepository.findAbandonedOfAllTenants())
    await inngest.send(replayStarted.create(replay));
}
