import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startStack } from "@/local/stack";

/** Runs every check there is, one after another, and ends with the plain count over all of them. */

type Count = { passed: number; failed: number };

const require = createRequire(import.meta.url);
const bin = (name: string, script: string) => join(require.resolve(`${name}/package.json`), "..", script);

const tools = {
  biome: bin("@biomejs/biome", "bin/biome"),
  next: bin("next", "dist/bin/next"),
  tsc: bin("typescript", "bin/tsc"),
  vitest: bin("vitest", "vitest.mjs"),
  playwright: bin("@playwright/test", "cli.js"),
};

async function run(args: string[], env: Record<string, string> = {}): Promise<boolean> {
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env },
  });
  const [code] = await once(child, "exit");
  return code === 0;
}

const asCount = (succeeded: boolean): Count =>
  succeeded ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };

/** A suite that ended badly failed at least once, whatever its report says or lacks. */
const atLeastOne = (count: Count, succeeded: boolean): Count =>
  succeeded ? count : { ...count, failed: Math.max(1, count.failed) };

const suites: Record<string, (scratch: string) => Promise<Count>> = {
  lint: async () => asCount(await run([tools.biome, "ci", "."])),

  types: async () => asCount((await run([tools.next, "typegen"])) && (await run([tools.tsc, "--noEmit"]))),

  unit: async (scratch) => {
    const report = join(scratch, "vitest.json");
    const succeeded = await run([
      tools.vitest,
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ]);
    const { numPassedTests = 0, numFailedTests = 0 } = await readJson(report);
    return atLeastOne({ passed: Number(numPassedTests), failed: Number(numFailedTests) }, succeeded);
  },

  build: async () => asCount(await run([tools.next, "build"], { NODE_ENV: "production" })),

  faults: async (scratch) => {
    const report = join(scratch, "faults.json");
    const args = [
      "--runs",
      "2",
      "--seed",
      "1",
      "--recipients",
      "600",
      "--imports",
      "1",
      "--rows",
      "40000",
      "--short",
      "--hurry",
      "--report",
      report,
    ];
    const succeeded = await run(["--import", "tsx", "faults/main.ts", ...args]);
    const { passed = 0, failed = 0 } = await readJson(report);
    return atLeastOne({ passed: Number(passed), failed: Number(failed) }, succeeded);
  },

  e2e: async (scratch) => {
    const stack = await startStack({ directory: join(scratch, "campanile") });
    try {
      const report = join(scratch, "playwright.json");
      const succeeded = await run([tools.playwright, "test", "--reporter=list,json"], {
        BASE_URL: stack.url,
        SANDBOX_URL: stack.sandboxUrl ?? "",
        PLAYWRIGHT_JSON_OUTPUT_NAME: report,
      });
      // What a failed test leaves behind helps to understand it.
      if (succeeded) await rm("test-results", { recursive: true, force: true });
      const { stats } = await readJson(report);
      const { expected = 0, unexpected = 0, flaky = 0 } = Object(stats);
      return atLeastOne({ passed: Number(expected), failed: Number(unexpected) + Number(flaky) }, succeeded);
    } finally {
      await stack.stop();
    }
  },
};

const readJson = async (file: string): Promise<Record<string, unknown>> =>
  readFile(file, "utf8").then(JSON.parse, () => ({}));

const { positionals } = parseArgs({ allowPositionals: true });
const chosen = positionals.length > 0 ? positionals : Object.keys(suites);
const scratch = await mkdtemp(join(tmpdir(), "campanile-test-"));
const total: Count = { passed: 0, failed: 0 };

for (const name of chosen) {
  const suite = suites[name];
  if (!suite) throw new Error(`There is no suite ${name}; there are ${Object.keys(suites).join(", ")}.`);
  console.log(`\n── ${name}`);
  const { passed, failed } = await suite(scratch).catch((error: Error) => {
    console.error(error.message);
    return asCount(false);
  });
  total.passed += passed;
  total.failed += failed;
}

await rm(scratch, { recursive: true, force: true });
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
