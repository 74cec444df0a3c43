import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";

const sources = [
  "app",
  "components",
  "lib",
  "inngest",
  "public",
  "prisma/schema.prisma",
  "next.config.ts",
  "tailwind.config.ts",
  "package-lock.json",
];

/** Runs `next build` unless the last build is newer than everything it was made from, or may be older. */
export function buildIfNeeded({ mayBeStale = false } = {}): void {
  const built = changedAt(".next/BUILD_ID");
  if (built > (mayBeStale ? 0 : Math.max(...sources.map(changedAt)))) return;
  console.log("Building the app. This takes a minute the first time.");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [createRequire(import.meta.url).resolve("next/dist/bin/next"), "build"],
    { encoding: "utf8", env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" } },
  );
  if (status !== 0) throw new Error(`The app does not build.\n${stdout}${stderr}`);
}

/** The newest change in a file or folder, in ms; 0 when it does not exist. */
function changedAt(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => changedAt(`${path}/${name}`)));
}
