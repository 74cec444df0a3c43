import { spawn } from "node:child_process";
import { once } from "node:events";
import { setPriority } from "node:os";
import type { RunOutcome } from "@/lib/import-runs/service";
import type { UserId } from "@/lib/tenant";

type Result = {
  outcome: RunOutcome;
  /** Of the process, in bytes. */
  peakMemory: number;
};

/** In the project's folder, where the server runs; a bundler must not take it for a module of its own. */
const script = ["--import", "tsx", ["inngest", "processes", "import.ts"].join("/")];

/** Behind everything that somebody waits for. */
const NICE = 10;

/**
 * Runs an import in a process of its own, so that reading a million rows stops no page and no webhook, and its memory is
 * given back. When this process is asked to end, the other one is ended too: the import goes on with the next start.
 */
export async function runImportProcess(userId: UserId, importId: string): Promise<Result> {
  const child = spawn(process.execPath, [...script, userId, importId], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  if (child.pid) lowerPriority(child.pid);
  const end = () => child.kill("SIGKILL");
  process.once("SIGTERM", end);
  let result: Result | undefined;
  child.on("message", (message: Result) => {
    result = message;
  });
  try {
    const [code, signal] = await once(child, "exit");
    if (!result || code !== 0) throw new Error(`The import's process ended with ${signal ?? code}`);
    return result;
  } finally {
    process.off("SIGTERM", end);
  }
}

/** It may have ended already, and some systems do not let us. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, NICE);
  } catch {
    // As before, then.
  }
}
