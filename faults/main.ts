import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type RunResult, runOnce } from "@/faults/run";
import { openStage } from "@/faults/stage";

/**
 * Runs campaigns on the real parts while they are being killed and misled, and says whether anybody was messaged twice
 * or forgotten. A run that failed is repeated with its seed: --seed 17 --runs 1.
 */
const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    recipients: { type: "string", default: "5000" },
    rate: { type: "string", default: "200" },
    short: { type: "boolean", default: false },
    hurry: { type: "boolean", default: false },
    /** Where to write the count of passed and failed runs. */
    report: { type: "string" },
  },
});

const SHOWN = 10;

async function main(): Promise<boolean> {
  const stage = await openStage({ mayBeStale: true });
  const results: (RunResult & { seed: number })[] = [];
  let keep = true;
  try {
    for (let run = 0; run < Number(values.runs); run++) {
      const seed = Number(values.seed) + run;
      const result = await runOnce(stage, {
        seed,
        recipients: Number(values.recipients),
        messagesPerSecond: Number(values.rate),
        isShort: values.short,
        isHurried: values.hurry,
      });
      results.push({ seed, ...result });
      show(seed, result);
    }
    keep = results.some(({ violations }) => violations.length > 0);
  } finally {
    await stage.stop({ keep });
    if (keep) console.log(`The ledger and the logs are kept in ${stage.directory}.`);
  }
  summarize(results);
  return !keep;
}

function show(seed: number, { faults, figures, violations, seconds }: RunResult): void {
  const { posts, accepted, unknown, doubles, lost } = figures;
  console.log(
    `\nseed ${seed}: ${faults.length} faults, ${posts} posts, ${accepted} accepted, ${unknown} unknown, ` +
      `${doubles} doubles, ${lost} lost, ${seconds.toFixed(0)} s`,
  );
  console.log(`  ${faults.join(", ")}`);
  for (const { invariant, detail } of violations.slice(0, SHOWN)) console.log(`  ✗ ${invariant}: ${detail}`);
  if (violations.length > SHOWN) console.log(`  ✗ and ${violations.length - SHOWN} more`);
}

function summarize(results: (RunResult & { seed: number })[]): void {
  const sum = (of: (result: RunResult) => number) => results.reduce((total, result) => total + of(result), 0);
  const failed = results.filter(({ violations }) => violations.length > 0);
  const count = { passed: results.length - failed.length, failed: failed.length };
  if (values.report) writeFileSync(values.report, JSON.stringify(count));
  console.log(
    `\n${results.length} runs, ${sum(({ faults }) => faults.length)} faults, ${sum(({ figures }) => figures.posts)} posts, ` +
      `${sum(({ figures }) => figures.unknown)} unknown, ${sum(({ figures }) => figures.doubles)} doubles, ` +
      `${sum(({ figures }) => figures.lost)} lost`,
  );
  console.log(`${count.passed} passed, ${count.failed} failed`);
  for (const { seed } of failed) console.log(`Repeat with: npm run faults -- --runs 1 --seed ${seed}`);
}

main().then(
  (succeeded) => process.exit(succeeded ? 0 : 1),
  (error: Error) => {
    console.error(error);
    process.exit(1);
  },
);
