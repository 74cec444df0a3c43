import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export type ChildOptions = {
  name: string;
  /** Arguments of Node, the script among them. */
  args: string[];
  env: Record<string, string>;
  /** Where its output goes; without one it is shown. */
  logFile?: string;
  /** Whether it says `{ ready: true }` over IPC when it is; otherwise it is ready once started. */
  announces?: boolean;
  /** Is told the signal or the exit code when it died; without it, the terminal is. */
  onDeath?: (how: string | number | null) => void;
};

export type Child = {
  /** Of the present process: a fresh one after it died. */
  pid(): number | undefined;
  stop(): Promise<void>;
};

const START_MS = 60_000;
const STOP_MS = 20_000;

/**
 * Starts a Node process of ours, waits until it is ready, and starts it again whenever it dies before `stop`.
 * It is in a process group of its own, so that Ctrl-C reaches us alone and everything ends in order; when we are
 * killed it sees its IPC channel close and ends by itself.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  let isStopping = false;
  let child = launch(options);
  await ready(child, options);
  void watch();

  async function watch() {
    while (!isStopping) {
      if (!hasEnded(child)) await once(child, "exit");
      if (isStopping) return;
      const how = child.signalCode ?? child.exitCode;
      if (options.onDeath) options.onDeath(how);
      else console.error(`\nThe ${options.name} ended unexpectedly (${how}). Starting it again.`);
      await sleep(500);
      child = launch(options);
      await ready(child, options).catch((error: Error) => console.error(error.message));
    }
  }

  return {
    pid: () => child.pid,
    async stop() {
      isStopping = true;
      if (hasEnded(child)) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

function launch({ args, env, logFile }: ChildOptions): ChildProcess {
  const output = logFile ? openSync(logFile, "a") : ("inherit" as const);
  return spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", output, output, "ipc"],
    detached: process.platform !== "win32",
  });
}

async function ready(child: ChildProcess, { name, logFile, announces = true }: ChildOptions): Promise<void> {
  if (!announces) return;
  const outcome = await Promise.race([
    once(child, "message").then(() => "ready" as const),
    once(child, "exit").then(() => "ended" as const),
    sleep(START_MS, "late" as const, { ref: false }),
  ]);
  if (outcome === "ready") return;
  child.kill("SIGKILL");
  const words = logFile ? `\n${readFileSync(logFile, "utf8").slice(-2000)}` : "";
  throw new Error(
    `The ${name} ${outcome === "late" ? "did not get ready in a minute" : "does not start"}.${words}`,
  );
}
