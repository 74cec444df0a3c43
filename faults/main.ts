import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type ImportsResult, runImports } from "@/faults/imports";
import { type RunResult, runOnce } from "@/faults/run";
import { openStage } from "@/faults/stage";

/**
 * Runs campaigns on the real parts while they are being killed and misled, and says whether anybody was messaged twice
 * or forgotten; then imports files while they are killed, and says whether anything came out otherwise than in peace.
 * A run that failed is repeated with its seed: --seed 17 --runs 1 --imports 0.
 */
const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    /** Runs with imports. */
    imports: { type: "string", default: "1" },
    rows: { type: "string", default: "100000" },
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
  const imports: (ImportsResult & { seed: number })[] = [];
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
    for (let run = 0; run < Number(values.imports); run++) {
      const seed = Number(values.seed) + run;
      const result = await runImports(stage, { seed, rows: Number(values.rows), isHurried: values.hurry });
      imports.push({ seed, ...result });
      showImports(seed, result);
    }
    keep = [...results, ...imports].some(({ violations }) => violations.length > 0);
  } finally {
    await stage.stop({ keep });
    if (keep) console.log(`The ledger and the logs are kept in ${stage.directory}.`);
  }
  summarize(results, imports);
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

function showImports(seed: number, { faults, rows, violations, seconds }: ImportsResult): void {
  console.log(`\nimports, seed ${seed}: ${faults.length} faults, ${rows} rows, ${seconds.toFixed(0)} s`);
  console.log(`  ${faults.join(", ")}`);
  for (const violation of violations.slice(0, SHOWN)) console.log(`  ✗ ${violation}`);
}

function summarize(
  results: (RunResult & { seed: number })[],
  imports: (ImportsResult & { seed: number })[],
): void {
  const sum = (of: (result: RunResult) => number) => results.reduce((total, result) => total + of(result), 0);
  const failed = results.filter(({ violations }) => violations.length > 0);
  const differing = imports.filter(({ violations }) => violations.length > 0);
  const failures = failed.length + differing.length;
  const count = { passed: results.length + imports.length - failures, failed: failures };
  if (values.report) writeFileSync(values.report, JSON.stringify(count));
  console.log(
    `\n${results.length} runs, ${sum(({ faults }) => faults.length)} faults, ${sum(({ figures }) => figures.posts)} posts, ` +
      `${sum(({ figures }) => figures.unknown)} unknown, ${sum(({ figures }) => figures.doubles)} doubles, ` +
      `${sum(({ figures }) => figures.lost)} lost`,
  );
  console.log(
    `${imports.length} runs with imports, ${imports.reduce((total, { faults }) => total + faults.length, 0)} faults, ` +
      `${imports.reduce((total, { rows }) => total + rows, 0)} rows, ${differing.length} with another result than in peace`,
  );
  console.log(`${count.passed} passed, ${count.failed} failed`);
  for (const { seed } of failed)
    console.log(`Repeat with: npm run faults -- --runs 1 --imports 0 --seed ${seed}`);
  for (const { seed } of differing)
    console.log(`Repeat with: npm run faults -- --runs 0 --imports 1 --seed ${seed}`);
}

main().then(
  (succeeded) => process.exit(succeeded ? 0 : 1),
  (error: Error) => {
    console.error(error);
    process.exit(1);
  },
);
