/** How many messages had left the queue at an instant. */
export type Sample = { at: number; count: number };

const WINDOW_MS = 10_000;
const SHORTEST_MS = 900;

/** Keeps the samples of the last ten seconds and one before, so that slow sending has a measure too. */
export function addSample(samples: Sample[], sample: Sample): Sample[] {
  const last = samples.at(-1);
  if (last && last.at >= sample.at) return samples;
  const firstRecent = samples.findIndex(({ at }) => at >= sample.at - WINDOW_MS);
  const kept = firstRecent === -1 ? samples.slice(-1) : samples.slice(Math.max(0, firstRecent - 1));
  return [...kept, sample];
}

/** Messages per second over the samples; null while they span too little time to tell. */
export function rateOf(samples: Sample[]): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < SHORTEST_MS) return null;
  return Math.max(0, ((last.count - first.count) * 1000) / (last.at - first.at));
}

/** How long the rest takes at the measured rate, or at the account's while there is none; null when nothing moves. */
export function secondsLeft(queued: number, rate: number | null, messagesPerSecond: number): number | null {
  const effective = rate ?? messagesPerSecond;
  return effective > 0 ? queued / effective : null;
}
