import { expect, vi } from "vitest";
import type { Sql } from "@/lib/db";

/**
 * Until another connection waits for a lock of this transaction. Not from pg_stat_activity: a transaction goes on seeing
 * there whom it saw at its first look, without a connection that was opened since.
 */
export const somebodyWaits = (sql: Sql): Promise<void> =>
  vi.waitFor(async () => {
    const waiting = await sql`
      SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))`;
    expect(waiting).toHaveLength(1);
  }, 10_000);
