/** The self-hosted process holds its modules twice (see docs/architecture.md): one count for both. */
const shared = globalThis as { campanileRefusedWebhooks?: number };

/** Calls without a valid signature since this process started. */
export const refusedWebhooks = (): number => shared.campanileRefusedWebhooks ?? 0;

export function countRefusedWebhook(): void {
  shared.campanileRefusedWebhooks = refusedWebhooks() + 1;
}
