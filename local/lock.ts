import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Holder = { pid: number; url: string };

/**
 * Makes sure that one folder runs one Campanile. Throws a sentence that says where the other one is; a lock whose
 * holder was killed is taken over. The lock's owner may write its address into it.
 */
export function lockFolder(directory: string) {
  const file = join(directory, "running.json");
  mkdirSync(directory, { recursive: true });
  const write = (url: string, flag: "w" | "wx") =>
    writeFileSync(file, JSON.stringify({ pid: process.pid, url } satisfies Holder), { flag });
  try {
    write("", "wx");
  } catch {
    const holder = readHolder(file);
    if (holder && holder.pid !== process.pid && isAlive(holder.pid)) {
      const where = holder.url ? ` at ${holder.url}` : "";
      throw new Error(`Campanile is already running in this folder${where} (process ${holder.pid}).`);
    }
    write("", "w");
  }
  return { announce: (url: string) => write(url, "w"), release: () => rmSync(file, { force: true }) };
}

function readHolder(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
