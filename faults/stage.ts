import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { Crash } from "@/faults/checker";
import { insist } from "@/faults/patience";
import { type Sandbox, sandboxAt } from "@/faults/sandbox";
import { buildIfNeeded, serverArgs } from "@/local/build";
import { type Child, startChild } from "@/local/child";
import { findFreePort } from "@/local/ports";
import { startPostgres } from "@/local/postgres";
import { applyMigrations } from "@/prisma/migrate";

export type Part = "server" | "engine" | "sandbox";

/** The real parts of an installation, each of which can be killed. Nothing of it is shared with another one. */
export type Stage = {
  /** Holds all logs and the ledger. */
  directory: string;
  url: string;
  sandbox: Sandbox;
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Tells the engine that something happened, as any app may. */
  sendEvent(name: string): Promise<void>;
  /** Resolves when the part is back. Null when it had put everything down before it went. */
  kill(part: Part, signal: "SIGKILL" | "SIGTERM"): Promise<Crash | null>;
  /** Kills a process that the server has started to import a file; false when there is none. */
  killImport(): Promise<boolean>;
  crashDatabase(): Promise<Crash>;
  /** Keeps the directory if something is to be looked into. */
  stop(options: { keep: boolean }): Promise<void>;
};

/** What a developer may have set must not decide what is tested. */
const foreign = [
  "DATABASE_URL",
  "INNGEST_DEV",
  "INNGEST_BASE_URL",
  "INNGEST_EVENT_KEY",
  "INNGEST_SIGNING_KEY",
  "HOST",
  "WHATSAPP_GRAPH_URL",
  "WHATSAPP_APP_SECRET",
  "WHATSAPP_VERIFY_TOKEN",
];

/** Webhooks are told soon and repeated soon, so that a run is quiet soon. */
const SETTINGS = { retryMs: 300, retryMaxMs: 2_000, webhookTimeoutMs: 5_000 };

export async function openStage({ mayBeStale }: { mayBeStale: boolean }): Promise<Stage> {
  for (const name of foreign) delete process.env[name];
  buildIfNeeded({ mayBeStale });
  const directory = await mkdtemp(join(tmpdir(), "campanile-faults-"));
  // PostgreSQL may run under another account, which has to enter.
  await chmod(directory, 0o755);
  const stops: (() => Promise<unknown>)[] = [];
  const stop: Stage["stop"] = async ({ keep }) => {
    for (const each of stops.splice(0).reverse())
      await each().catch((error: Error) => console.error(error.message));
    if (!keep) rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  };
  try {
    return { ...(await startParts(directory, stops)), directory, stop };
  } catch (error) {
    await stop({ keep: false });
    throw error;
  }
}

async function startParts(
  directory: string,
  stops: (() => Promise<unknown>)[],
): Promise<Omit<Stage, "directory" | "stop">> {
  mkdirSync(join(directory, "logs"));
  const postgres = await startPostgres({ directory: join(directory, "postgres"), port: 0 });
  stops.push(postgres.stop);
  await applyMigrations(postgres.url);
  const pool = new pg.Pool({ connectionString: postgres.url, max: 4 });
  pool.on("error", () => undefined);
  stops.push(() => pool.end());

  const urls: Record<Part, string> = {
    sandbox: `http://127.0.0.1:${await findFreePort(4210)}`,
    engine: `http://127.0.0.1:${await findFreePort(8388)}`,
    server: `http://127.0.0.1:${await findFreePort(3200)}`,
  };
  const health: Record<Part, string> = {
    sandbox: `${urls.sandbox}/_sandbox/health`,
    engine: `${urls.engine}/health`,
    server: `${urls.server}/api/health`,
  };
  const deaths = new Map<Part, string | number | null>();

  async function start(part: Part, args: string[], env: Record<string, string>): Promise<Child> {
    const child = await startChild({
      name: part,
      args,
      env: { PORT: new URL(urls[part]).port, ...env },
      logFile: join(directory, "logs", `${part}.log`),
      onDeath: (how) => deaths.set(part, how),
    });
    stops.push(child.stop);
    await isBack(part);
    return child;
  }

  const isBack = (part: Part) =>
    insist(`the ${part}`, async () => {
      const { ok } = await fetch(health[part]);
      if (!ok) throw new Error(`The ${part} is not well.`);
    });

  const children: Record<Part, Child> = {
    sandbox: await start("sandbox", ["--import", "tsx", "local/sandbox/main.ts"], {
      SANDBOX_DIR: join(directory, "sandbox"),
      SANDBOX_REVIEW_MS: "200",
      SANDBOX_SPEED: "0.2",
    }),
    engine: await start("engine", ["--import", "tsx", "local/engine/main.ts"], {
      INNGEST_APP_URLS: `${urls.server}/api/inngest`,
    }),
    server: await start("server", serverArgs, {
      NODE_ENV: "production",
      LOG_LEVEL: "info",
      DATABASE_URL: postgres.url,
      ENCRYPTION_KEY: randomBytes(32).toString("hex"),
      NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
      NEXTAUTH_URL: urls.server,
      INNGEST_DEV: urls.engine,
      WHATSAPP_SANDBOX_URL: urls.sandbox,
      UPLOADS_DIR: join(directory, "uploads"),
    }),
  };
  const sandbox = sandboxAt(urls.sandbox);
  await sandbox.change(SETTINGS);

  async function kill(part: Part, signal: "SIGKILL" | "SIGTERM"): Promise<Crash | null> {
    const pid = children[part].pid();
    if (pid === undefined) throw new Error(`There is no ${part} to be killed.`);
    const from = Date.now();
    deaths.delete(part);
    process.kill(pid, signal);
    await insist(`to see the ${part} die`, async () => {
      if (!deaths.has(part)) throw new Error(`The ${part} lives.`);
    });
    await isBack(part);
    if (part === "sandbox") await sandbox.change(SETTINGS);
    // An engine holds no message.
    const hadPutDown = part === "engine" || deaths.get(part) === 0;
    return hadPutDown ? null : { what: part, from, until: Date.now() };
  }

  const turns = new Map<Part | "database", Promise<unknown>>();
  /** One death after another: what is not back cannot be killed. */
  function inTurn<Result>(part: Part | "database", death: () => Promise<Result>): Promise<Result> {
    const turn = (turns.get(part) ?? Promise.resolve()).then(death);
    turns.set(
      part,
      turn.catch(() => undefined),
    );
    return turn;
  }

  return {
    url: urls.server,
    sandbox,
    query: (text, values) => insist("the database", async () => (await pool.query(text, values)).rows),
    sendEvent: (name) =>
      insist("the engine", async () => {
        const { ok } = await fetch(`${urls.engine}/e/faults`, {
          method: "POST",
          body: JSON.stringify({ name, data: {} }),
        });
        if (!ok) throw new Error("The engine did not take the event.");
      }),
    kill: (part, signal) => inTurn(part, () => kill(part, signal)),
    killImport: async () => killChildOf(children.server.pid(), "inngest/processes/import.ts"),
    crashDatabase: () =>
      inTurn("database", async () => {
        const from = Date.now();
        await postgres.crash();
        return { what: "database", from, until: Date.now() };
      }),
  };
}

function killChildOf(parent: number | undefined, script: string): boolean {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  for (const line of stdout.split("\n")) {
    const [pid, ppid, ...args] = line.trim().split(/\s+/);
    if (Number(ppid) !== parent || !args.includes(script)) continue;
    process.kill(Number(pid), "SIGKILL");
    return true;
  }
  return false;
}
