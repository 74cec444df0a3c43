import { pool } from "@/lib/db/pool";

export type DatabaseHealth = {
  healthy: boolean;
  /** Milliseconds for one round trip; null when there was no answer. */
  latency: number | null;
  connections: { total: number; idle: number; waiting: number };
};

/** Never throws: a database that does not answer is `healthy: false`. */
export async function checkDatabaseHealth(): Promise<DatabaseHealth> {
  const started = performance.now();
  const healthy = await pool.query("SELECT 1").then(
    () => true,
    () => false,
  );
  return {
    healthy,
    latency: healthy ? Math.round(performance.now() - started) : null,
    connections: { total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount },
  };
}
