export type Goal = "at least" | "at most" | "below";

/** The middle one; of an even number the lower of the two in the middle. */
export function medianOf(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  if (median === undefined) throw new Error("There is no median of nothing.");
  return median;
}

export const isMet = (value: number, goal: Goal, target: number): boolean =>
  goal === "at least" ? value >= target : goal === "at most" ? value <= target : value < target;

/** One figure's last line: `send: ratio 0.57 (target at least 0.45) met`. */
export function verdictOn(name: string, figure: string, value: number, goal: Goal, target: number): string {
  const verdict = isMet(value, goal, target) ? "met" : "missed";
  return `${name}: ${figure} (target ${goal} ${target.toLocaleString("en")}) ${verdict}`;
}

export const verdictOnRatio = (name: string, ratio: number, goal: Goal, target: number): string =>
  verdictOn(name, `ratio ${ratio.toFixed(2)}`, ratio, goal, target);

export const whole = (value: number): string => Math.round(value).toLocaleString("en");

/** The most instants that any window of this length holds; `at` and `length` in the same unit. */
export function mostWithin(at: number[], length: number): number {
  const sorted = [...at].sort((one, other) => one - other);
  let from = 0;
  let most = 0;
  sorted.forEach((instant, index) => {
    while (instant - (sorted[from] ?? instant) >= length) from++;
    most = Math.max(most, index - from + 1);
  });
  return most;
}
