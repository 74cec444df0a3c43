import { transaction } from "@/lib/db";
import { deletePeople } from "@/lib/personal-data/repository";
import type { UserId } from "@/lib/tenant";
import { somebodyWaits } from "@/lib/testing/waiting";

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
    await somebodyWaits(run);
    return started;
  });
  return giving;
}
