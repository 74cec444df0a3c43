import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildIfNeeded, serverArgs } from "@/local/build";
import { type Child, startChild } from "@/local/child";
import { lockFolder } from "@/local/lock";
import { findFreePort } from "@/local/ports";
import { startPostgres } from "@/local/postgres";
import { readSecrets } from "@/local/secrets";
import { applyMigrations } from "@/prisma/migrate";

export type StackOptions = {
  /** Where data, secrets and logs are kept. */
  directory: string;
  /** `next dev` instead of the built app. */
  isDev?: boolean;
  /** Takes any build there is, for those who look at no page. */
  mayBeStale?: boolean;
};

export type Stack = {
  url: string;
  sandboxUrl: string | null;
  /** Where the local job engine listens, if it is the one. */
  engineUrl: string | null;
  serverPid(): number | undefined;
  notes: string[];
  stop(): Promise<void>;
};

/**
 * Starts everything that Campanile needs and that the environment does not name already: PostgreSQL unless
 * DATABASE_URL is set, the job engine unless INNGEST_DEV, INNGEST_BASE_URL or INNGEST_EVENT_KEY is, and the sandbox
 * unless WHATSAPP_SANDBOX_URL is. Throws a sentence for the person at the terminal.
 */
export async function startStack({
  directory,
  isDev = false,
  mayBeStale = false,
}: StackOptions): Promise<Stack> {
  const lock = lockFolder(directory);
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
    lock.release();
  };
  try {
    if (!isDev) buildIfNeeded({ mayBeStale });
    const stack = await startParts(directory, isDev, stops);
    lock.announce(stack.url);
    return { ...stack, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(directory: string, isDev: boolean, stops: (() => Promise<void>)[]) {
  const logs = join(directory, "logs");
  mkdirSync(logs, { recursive: true });
  const notes: string[] = [];
  const keep = (child: Child) => void stops.push(child.stop);
  const choosePort = async (name: string, wanted: number) => {
    const port = await findFreePort(wanted);
    if (port !== wanted) notes.push(`Port ${wanted} is in use, so the ${name} listens on ${port}.`);
    return port;
  };

  const env: Record<string, string> = { ...readSecrets(directory), ...definedEnvironment() };
  if (!env.DATABASE_URL) {
    const postgres = await startPostgres({ directory: join(directory, "postgres") });
    stops.push(postgres.stop);
    env.DATABASE_URL = postgres.url;
  }
  await applyMigrations(env.DATABASE_URL, { retry: true });

  const port = await choosePort("app", Number(env.PORT ?? 3000));
  const url = env.NEXTAUTH_URL ?? `http://localhost:${port}`;
  env.PORT = String(port);
  env.NEXTAUTH_URL = url;
  env.UPLOADS_DIR ??= join(directory, "uploads");

  if (!env.WHATSAPP_SANDBOX_URL) {
    const sandboxPort = await choosePort("sandbox", 4010);
    env.WHATSAPP_SANDBOX_URL = `http://127.0.0.1:${sandboxPort}`;
    keep(
      await startChild({
        name: "sandbox",
        args: ["--import", "tsx", "local/sandbox/main.ts"],
        env: { PORT: String(sandboxPort), SANDBOX_DIR: join(directory, "sandbox") },
        logFile: join(logs, "sandbox.log"),
      }),
    );
  }

  const appUrl = `http://127.0.0.1:${port}`;
  if (!env.INNGEST_DEV && !env.INNGEST_BASE_URL && !env.INNGEST_EVENT_KEY) {
    const enginePort = await choosePort("job engine", 8288);
    env.INNGEST_DEV = `http://127.0.0.1:${enginePort}`;
    keep(
      await startChild({
        name: "job engine",
        args: ["--import", "tsx", "local/engine/main.ts"],
        env: { PORT: String(enginePort), INNGEST_APP_URLS: `${appUrl}/api/inngest` },
        logFile: join(logs, "engine.log"),
      }),
    );
  }

  const serverProcess = await startChild(
    isDev ? devServer(env, port) : { ...server(env), logFile: join(logs, "server.log") },
  );
  keep(serverProcess);
  await waitFor(`${appUrl}/api/health`);
  await register(`${appUrl}/api/inngest`);
  return {
    url,
    sandboxUrl: env.WHATSAPP_SANDBOX_URL,
    engineUrl: env.INNGEST_DEV ?? null,
    serverPid: serverProcess.pid,
    notes,
  };
}

const server = (env: Record<string, string>) => ({
  name: "server",
  args: serverArgs,
  env: { ...env, NODE_ENV: "production" },
});

const devServer = (env: Record<string, string>, port: number) => ({
  name: "development server",
  args: [createRequire(import.meta.url).resolve("next/dist/bin/next"), "dev", "--port", String(port)],
  env,
  announces: false,
});

const definedEnvironment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : [])));

async function waitFor(url: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await sleep(100);
  }
  throw new Error(`The app does not answer at ${url}.`);
}

/** Tells the job engine which functions there are, as the SDK's own registration does. */
async function register(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (
      await fetch(url, { method: "PUT" }).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await sleep(100);
  }
  console.error("The job engine does not take the app's functions. Campaigns will wait until it does.");
}
