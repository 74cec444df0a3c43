const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    weekday: "long",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  formats.set(timeZone, format);
  return format;
}

type TimeStyle = "time" | "date" | "datetime" | "seconds" | "full";

/**
 * Takes only the parts from Intl and sets the punctuation itself: server and browser may carry different ICU data,
 * and their commas and spaces differ.
 */
export function formatTime(moment: Date, timeZone: string, style: TimeStyle): string {
  const parts = formatIn(timeZone).formatToParts(moment);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((found) => found.type === type)?.value ?? "";
  const time = `${part("hour")}:${part("minute")}`;
  if (style === "time") return time;
  const date = `${part("day")} ${part("month").slice(0, 3)} ${part("year")}`;
  if (style === "date") return date;
  const dateTime = `${date}, ${time}`;
  if (style === "seconds") return `${dateTime}:${part("second")}`;
  return style === "datetime" ? dateTime : `${part("weekday")}, ${dateTime}`;
}

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });

export function formatRelativeTime(moment: Date, now: number): string {
  const distance = moment.getTime() - now;
  const unit = units.find(([, ms]) => Math.abs(distance) >= ms);
  if (!unit) return distance > 0 ? "in a moment" : "just now";
  return relative.format(Math.trunc(distance / unit[1]), unit[0]);
}
