import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { runDemo } from "@/local/demo";
import { startStack } from "@/local/stack";

const { values } = parseArgs({
  options: { demo: { type: "boolean" }, dev: { type: "boolean" }, exit: { type: "boolean" } },
});

if (existsSync(".env")) process.loadEnvFile(".env");

const directory = process.env.CAMPANILE_DIR ?? ".campanile";

async function main(): Promise<void> {
  const started = performance.now();
  const stack = await startStack({ directory, isDev: values.dev ?? false });
  let isStopping = false;
  const stop = async (code: number) => {
    if (isStopping) return;
    isStopping = true;
    console.log("\nStopping: what is being sent is finished first.");
    await stack.stop();
    process.exit(code);
  };
  process.on("SIGINT", () => void stop(0));
  process.on("SIGTERM", () => void stop(0));
  process.on("SIGHUP", () => void stop(0));

  for (const note of stack.notes) console.log(note);
  console.log(
    `Campanile is ready at ${stack.url} after ${((performance.now() - started) / 1000).toFixed(1)} s.`,
  );
  if (values.demo) {
    const succeeded = await runDemo(stack.url, directory).catch((error: Error) => {
      if (!isStopping) console.error(`\nThe demo stopped: ${error.message}`);
      return false;
    });
    if (values.exit) return stop(succeeded ? 0 : 1);
  }
  if (!isStopping) console.log("Press Ctrl-C to stop.");
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
