const number = new Intl.NumberFormat("en");

export const formatNumber = (value: number) => number.format(value);

/** "1 person", "962 people". */
export const formatPeople = (count: number) => (count === 1 ? "1 person" : `${formatNumber(count)} people`);

/** A whole percentage that never rounds to all or nothing: 0% is none and 100% is everybody. */
export function formatPercent(part: number, whole: number): string {
  if (whole <= 0) return "–";
  const percent = (100 * part) / whole;
  return percent > 0 && percent < 1 ? "<1%" : `${Math.floor(percent)}%`;
}

const units = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** From here on nobody counts seconds. */
const LONG_S = 600;

/** The two largest units: "2 hours 5 minutes". */
export function formatDuration(seconds: number): string {
  const step = seconds < LONG_S ? 1 : 60;
  const whole = Math.max(0, Math.round(seconds / step) * step);
  const largest = units.findIndex(([, size]) => whole >= size);
  if (largest === -1) return "a second";
  let rest = whole;
  const parts = units.slice(largest, largest + 2).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest %= size;
    return count === 0 ? "" : `${count} ${unit}${count === 1 ? "" : "s"}`;
  });
  return parts.filter(Boolean).join(" ");
}
