import { tzOffset } from "@date-fns/tz";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What a clock on the wall of a time zone means. Where clocks go back, a time comes twice: the earlier one counts. */
export type ZonedTime =
  | { kind: "instant"; instant: Date; isTwice: boolean }
  /** Clocks go forward over it: nobody's watch ever shows it. */
  | { kind: "skipped" }
  | { kind: "unreadable" };

const offsetMs = (timeZone: string, moment: number) => tzOffset(timeZone, new Date(moment)) * MINUTE_MS;

/** `date` is "2027-03-28" and `time` "02:30", as the browser's own fields give them. */
export function toInstant(date: string, time: string, timeZone: string): ZonedTime {
  const isComplete = /^\d{4}-\d\d-\d\d$/.test(date) && /^\d\d:\d\d(:\d\d)?$/.test(time);
  const wall = isComplete ? Date.parse(`${date}T${time}Z`) : Number.NaN;
  if (Number.isNaN(wall)) return { kind: "unreadable" };
  const candidates = new Set(
    [wall - DAY_MS, wall + DAY_MS].map((nearby) => wall - offsetMs(timeZone, nearby)),
  );
  const instants = [...candidates].filter((instant) => instant + offsetMs(timeZone, instant) === wall);
  if (instants.length === 0) return { kind: "skipped" };
  return { kind: "instant", instant: new Date(Math.min(...instants)), isTwice: instants.length > 1 };
}

/** What the date and time fields show for an instant. */
export function toWallClock(instant: Date, timeZone: string): { date: string; time: string } {
  const wall = new Date(instant.getTime() + offsetMs(timeZone, instant.getTime())).toISOString();
  return { date: wall.slice(0, 10), time: wall.slice(11, 16) };
}

/** "UTC+05:45": which clock is meant, where the name of the zone alone does not say. */
export function formatOffset(instant: Date, timeZone: string): string {
  const minutes = tzOffset(timeZone, instant);
  const size = Math.abs(minutes);
  const pad = (value: number) => String(value).padStart(2, "0");
  return `UTC${minutes < 0 ? "−" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}
