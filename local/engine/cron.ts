import { Cron } from "croner";

const FIELD = "(?:[\\d*,/-]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)+";
const EXPRESSION = new RegExp(`^(?:(?:CRON_)?TZ=(\\S+) +)?(${FIELD}(?: +${FIELD}){4})$`, "i");
const MINUTE = 60_000;

/**
 * Stricter than croner: an Inngest server takes five plain fields and an optional `TZ=` prefix, and nothing else.
 * Without the prefix the zone is UTC, as in Inngest Cloud, and never that of this machine.
 */
export function parseCron(expression: string): Cron {
  const [, timezone = "UTC", pattern] = EXPRESSION.exec(expression.trim()) ?? [];
  if (!pattern) throw new Error(`"${expression}" is not a cron schedule of five fields`);
  const cron = new Cron(pattern, { timezone, mode: "5-part" });
  cron.nextRun();
  return cron;
}

/** Calls `fire` with every moment the expression names, until it is stopped. */
export function scheduleCron(expression: string, fire: (scheduledAt: Date) => void): () => void {
  const cron = parseCron(expression);
  cron.schedule(() => fire(new Date(Math.round(Date.now() / MINUTE) * MINUTE)));
  return () => cron.stop();
}
