import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type ClientOptions, Inngest, type InngestFunction } from "inngest";
import { serve } from "inngest/node";
import { test as base, vi } from "vitest";
import { createEngine, type EngineOptions } from "./engine";

type Functions = (inngest: Inngest) => InngestFunction.Any[];

/** Far above what anything here takes, for machines that have other things to do. */
const PATIENCE = 15_000;
vi.setConfig({ testTimeout: 2 * PATIENCE });

const silent = { info() {}, warn() {}, error() {}, debug() {} };

/** Waits until the condition yields something, and fails loudly when it does not in time. */
export async function eventually<T>(
  condition: () => T | undefined | false,
  what = () => "a condition",
): Promise<T> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function startEngine(options: EngineOptions = {}) {
  const engine = createEngine({ retryDelay: () => 20, pollInterval: 30, pollRetryInterval: 30, ...options });
  await engine.listen();
  return engine;
}

/** A real app on a real port: the SDK's own handler behind node:http. */
async function startApp(
  engineUrl: string,
  functions: Functions,
  options: Partial<ClientOptions> = {},
  port = 0,
) {
  const client = new Inngest({ id: "app", baseUrl: engineUrl, isDev: true, logger: silent, ...options });
  const handler = serve({ client, functions: functions(client) });
  let calls = 0;
  const server = createServer((request, response) => {
    if (request.method === "POST") calls++;
    return handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { port: actual } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { client, port: actual, url: `http://127.0.0.1:${actual}/api/inngest`, close, calls: () => calls };
}

/** Starts engines and apps for one test, and ends them with it. */
function createWorld() {
  const cleanups: (() => Promise<void>)[] = [];

  const world = {
    async engine(options?: EngineOptions) {
      const engine = await startEngine(options);
      cleanups.push(engine.close);
      return engine;
    },

    async app(...args: Parameters<typeof startApp>) {
      const app = await startApp(...args);
      cleanups.push(app.close);
      return app;
    },

    /** An engine and an app that know each other. */
    async both(
      functions: Functions,
      clientOptions: Partial<ClientOptions> = {},
      engineOptions: EngineOptions = {},
    ) {
      const engine = await world.engine(engineOptions);
      const app = await world.app(engine.url, functions, clientOptions);
      await engine.sync(app.url);
      const endedRuns = (id: string) =>
        engine.runs().filter((run) => run.function === `app-${id}` && run.endedAt !== null);
      const ended = (id: string, count = 1) =>
        eventually(
          () => endedRuns(id).length >= count && endedRuns(id),
          () => `${count} ended runs of ${id} among ${JSON.stringify(engine.runs())}`,
        );
      return { engine, app, ended, send: app.client.send.bind(app.client) };
    },
  };

  const close = async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  };
  return { world, close };
}

export const test = base.extend<{ world: ReturnType<typeof createWorld>["world"] }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the fixtures a fixture needs from this pattern
  world: async ({}, use) => {
    const { world, close } = createWorld();
    await use(world);
    await close();
  },
});
