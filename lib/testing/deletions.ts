import { expect, vi } from "vitest";
import { transaction } from "@/lib/db";
import { deletePeople } from "@/lib/personal-data/repository";
import type { UserId } from "@/lib/tenant";

/** Gives somebody a number that somebody blocked has until this moment: it begins, waits, and the deletion commits. */
export async function asBlockedIsDeleted<T>(
  userId: UserId,
  phone: string,
  giveNumber: () => Promise<T>,
): Promise<T> {
  const { giving } = await transaction(async (run) => {
    const [blocked] = await run<{ id: string }>`
      INSERT INTO contacts ("userId", phone, "isBlocked") VALUES (${userId}, ${phone}, true) RETURNING id`;
    await deletePeople(run, userId, [blocked?.id ?? ""]);
    const started = { giving: giveNumber() };
    await vi.waitFor(
      async () =>
        expect(
          await run`SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))`,
        ).toHaveLength(1),
      5000,
    );
    return started;
  });
  return giving;
}
