import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

/**
 * Generates the Prisma client without a download: `prisma generate` asks for a schema engine that it never runs,
 * so any existing executable will do (see docs/decisions.md).
 */
const { status } = spawnSync(
  process.execPath,
  [createRequire(import.meta.url).resolve("prisma/build/index.js"), "generate", "--no-hints"],
  {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1" },
  },
);
process.exit(status ?? 1);
