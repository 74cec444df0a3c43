import { inngest } from "@/inngest/client";
import { bulkActionCreated } from "@/inngest/events";
import { bulkActionRepository } from "@/lib/bulk-actions/repository";
import type { BulkActionInput } from "@/lib/bulk-actions/schema";
import { logger } from "@/lib/logger";
import type { UserId } from "@/lib/tenant";

const SLICE_MS = 5000;

/** The row is what counts: without the event the sweep finds it within a minute. */
export async function startBulkAction(userId: UserId, input: BulkActionInput) {
  const action = await bulkActionRepository.create(userId, input);
  await wake(userId, action.id);
  return action;
}

/** Works for a few seconds; true while there is more to do. */
export async function runBulkAction(userId: UserId, id: string): Promise<boolean> {
  const end = performance.now() + SLICE_MS;
  while (await bulkActionRepository.proceed(userId, id)) {
    if (performance.now() > end) return true;
  }
  return false;
}

export async function sweepBulkActions(): Promise<void> {
  for (const { userId, bulkActionId } of await bulkActionRepository.listRunningOfAllTenants()) {
    await wake(userId, bulkActionId);
  }
}

async function wake(userId: UserId, bulkActionId: string): Promise<void> {
  await inngest.send(bulkActionCreated.create({ userId, bulkActionId })).catch((error: unknown) => {
    logger.warn({ error: String(error) }, "a bulk action waits for the sweep");
  });
}
