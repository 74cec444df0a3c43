import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const sources = [
  "app",
  "components",
  "lib",
  "inngest",
  "public",
  "prisma/schema.prisma",
  "next.config.ts",
  "proxy.ts",
  "tailwind.config.ts",
  "package-lock.json",
];

const serverFile = ".next/server.mjs";

/**
 * What Node is given to run the built server. Below 2 GB of heap V8 lets garbage grow to half of what lives, and not to
 * three times as much; a young generation of 3 x 8 MB is emptied before it has grown to 3 x 16. A third of this heap is
 * used while a million messages are sent.
 */
export const serverArgs = ["--max-old-space-size=512", "--max-semi-space-size=8", serverFile];

/** Builds the app unless the last build is newer than everything it was made from, or may be older. */
export function buildIfNeeded({ mayBeStale = false } = {}): void {
  const built = changedAt(".next/BUILD_ID");
  if (built <= (mayBeStale ? 0 : Math.max(...sources.map(changedAt)))) buildApp();
  bundleServer();
}

/**
 * The server as one file of JavaScript. Compiled as it is loaded it takes three seconds more to start and, with the
 * compiler in its process, 120 MB more.
 */
function bundleServer(): void {
  buildSync({
    entryPoints: ["server.ts"],
    outfile: serverFile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
}

function buildApp(): void {
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  buildApp();
  bundleServer();
}
