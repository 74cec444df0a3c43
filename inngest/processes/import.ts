import { importConfirmed } from "@/inngest/events";
import { runImport } from "@/lib/import-runs/service";

/** Runs one import and ends. Started by run.ts, and of no use once whoever started it is gone. */
process.once("disconnect", () => process.exit(1));

const [userId, importId] = process.argv.slice(2);
const job = importConfirmed.schema.parse({ userId, importId });
const outcome = await runImport(job.userId, job.importId);
// Kilobytes, the same on every system.
const result = { outcome, peakMemory: process.resourceUsage().maxRSS * 1024 };
if (process.send) process.send(result, () => process.exit(0));
else process.exit(0);
