import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { benchClaim } from "@/bench/claim";
import { benchContacts } from "@/bench/contacts";
import { benchFlood } from "@/bench/flood";
import { benchFreeze } from "@/bench/freeze";
import { benchGrowth } from "@/bench/growth";
import { benchImport } from "@/bench/import";
import { benchIngest } from "@/bench/ingest";
import { benchMillion } from "@/bench/million";
import { benchPhones } from "@/bench/phones";
import { benchPipeline } from "@/bench/pipeline";
import { benchRate } from "@/bench/rate";
import { benchSend } from "@/bench/send";
import { onStage, type Stage } from "@/bench/stage";

type Options = { count?: number; rounds?: number; seconds?: number };

const benchmarks: Record<string, (stage: Stage, options: Options) => Promise<void>> = {
  send: benchSend,
  pipeline: benchPipeline,
  rate: benchRate,
  ingest: benchIngest,
  freeze: benchFreeze,
  contacts: benchContacts,
  claim: benchClaim,
  flood: benchFlood,
  growth: benchGrowth,
  million: benchMillion,
  phones: benchPhones,
  import: benchImport,
};

/** Take too long to be run with the others. */
const onRequest = new Set(["million", "flood", "growth", "import"]);

const QUIET_LOAD = 0.7;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: "string" }, rounds: { type: "string" }, seconds: { type: "string" } },
});

const options: Options = {
  ...(values.count !== undefined && { count: Number(values.count) }),
  ...(values.rounds !== undefined && { rounds: Number(values.rounds) }),
  ...(values.seconds !== undefined && { seconds: Number(values.seconds) }),
};

async function main(): Promise<void> {
  const names =
    positionals.length > 0 ? positionals : Object.keys(benchmarks).filter((name) => !onRequest.has(name));
  const unknown = names.filter((name) => !benchmarks[name]);
  if (unknown.length > 0) {
    throw new Error(
      `There is no benchmark ${unknown.join(", ")}, only ${Object.keys(benchmarks).join(", ")}.`,
    );
  }
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, () => reject(new Error("Interrupted.")));
    }
  });
  interrupted.catch(() => undefined);
  const [load = 0] = loadavg();
  if (load > QUIET_LOAD) {
    console.log(`The machine is busy with other things (load ${load.toFixed(1)}): figures are too low.`);
  }
  for (const name of names) {
    const startedAt = performance.now();
    console.log(`\n${name}`);
    await onStage(interrupted, async (stage) => benchmarks[name]?.(stage, options));
    console.log(`(${Math.round((performance.now() - startedAt) / 1000)} s)`);
  }
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
