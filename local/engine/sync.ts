import type { Registry } from "./registry";

const SYNC_TIMEOUT = 30_000;

type Options = { registry: Registry; interval: number; retryInterval: number; log: (line: string) => void };

export type Sync = ReturnType<typeof createSync>;

/** Asks apps for their functions, again and again: a restarted or changed app is known within one interval. */
export function createSync({ registry, interval, retryInterval, log }: Options) {
  const states = new Map<string, string>();
  const timers = new Set<NodeJS.Timeout>();
  let isClosed = false;

  /** Says the same thing once, not at every poll. */
  function report(url: string, state: string) {
    if (isClosed || states.get(url) === state) return;
    states.set(url, state);
    log(`${url}: ${state}`);
  }

  /**
   * One sync (SDK spec 4.3). Asked for an in-band sync the app answers with its functions (4.3.5); one that does not do
   * that registers by itself at /fn/register before it answers.
   */
  async function syncOnce(url: string): Promise<void> {
    const response = await fetch(url, {
      method: "PUT",
      headers: {
        "content-type": "application/json",
        "x-inngest-server-kind": "dev",
        "x-inngest-sync-kind": "in_band",
      },
      body: JSON.stringify({ url }),
      signal: AbortSignal.timeout(SYNC_TIMEOUT),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the app answered ${response.status}: ${text.slice(0, 500)}`);
    const kind = response.headers.get("x-inngest-sync-kind");
    if (!kind) throw new Error("no Inngest endpoint answers here");
    if (kind === "in_band") registry.register(JSON.parse(text));
  }

  async function poll(url: string): Promise<void> {
    let delay = interval;
    try {
      await syncOnce(url);
      report(url, "synced");
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      report(url, `not synced: ${cause instanceof Error ? cause.message : String(cause)}`);
      delay = retryInterval;
    }
    if (isClosed) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      void poll(url);
    }, delay);
    timers.add(timer);
  }

  return {
    syncOnce,

    start(urls: string[]) {
      for (const url of urls) void poll(url);
    },

    states: () => Object.fromEntries(states),

    close() {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
