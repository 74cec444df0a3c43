import { randomUUID } from "node:crypto";
import { inngest } from "@/inngest/client";
import { importUndone } from "@/inngest/events";
import { conflict } from "@/lib/errors";
import type { RunOutcome } from "@/lib/import-runs/service";
import { importUndoRepository, type UndoBatch, type UndoCheck } from "@/lib/import-undos/repository";
import { importRepository } from "@/lib/imports/repository";
import { KEPT_DAYS } from "@/lib/imports/schema";
import { logger } from "@/lib/logger";
import type { UserId } from "@/lib/tenant";

/** What undoing would do, before anything is done. */
export async function checkUndo(userId: UserId, importId: string): Promise<UndoCheck> {
  await importRepository.get(userId, importId);
  return importUndoRepository.check(userId, importId);
}

/** Begins to undo an import, exactly once, however often it is asked to. */
export async function startUndo(userId: UserId, importId: string): Promise<void> {
  const { status } = await importRepository.get(userId, importId);
  if (!(await importUndoRepository.start(userId, importId))) {
    throw conflict(
      status === "completed" || status === "failed"
        ? `An import can be undone for ${KEPT_DAYS} days; these are over`
        : "This import cannot be undone now",
    );
  }
  await announce({ userId, importId });
}

async function announce(job: { userId: UserId; importId: string }): Promise<void> {
  await inngest
    .send(importUndone.create(job))
    .catch((error: unknown) =>
      logger.warn({ error: String(error) }, "an event was not sent; the sweep will"),
    );
}

/**
 * Takes an import back, batch by batch. Whoever was removed or restored is not found again, so after a crash, or called
 * twice, it goes on where it was.
 */
export async function undoImport(userId: UserId, importId: string): Promise<RunOutcome> {
  const runner = randomUUID();
  const claimed = await importUndoRepository.claim(userId, importId, runner);
  if (claimed !== "mine") return claimed ?? "ended";
  for (const work of [importUndoRepository.restoreChanged, importUndoRepository.removeCreated]) {
    let batch: UndoBatch = { last: null };
    do batch = await work(userId, importId, runner, batch.last);
    while (batch.last !== null);
  }
  await importUndoRepository.finish(userId, importId, runner);
  return "ended";
}

/** Wakes undos that stand still. */
export async function sweepUndos(): Promise<void> {
  for (const job of await importUndoRepository.findStalledOfAllTenants())
    await inngest.send(importUndone.create(job));
}
