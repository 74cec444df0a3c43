import { describe, expect, test } from "vitest";
import { addSample, rateOf, type Sample, secondsLeft } from "@/lib/campaigns/pace";

const collect = (...samples: [at: number, count: number][]) =>
  samples.reduce<Sample[]>((all, [at, count]) => addSample(all, { at, count }), []);

describe("rateOf", () => {
  test.each<[string, Sample[], number | null]>([
    ["knows nothing of nothing", [], null],
    ["knows nothing of one look", collect([0, 10]), null],
    ["waits until the looks are far enough apart", collect([0, 0], [500, 40]), null],
    ["is the difference over the time", collect([0, 0], [1000, 80]), 80],
    ["averages the last ten seconds", collect([0, 0], [5000, 400], [10_000, 500]), 50],
    ["forgets what is older", collect([0, 0], [1000, 1000], [11_000, 1010], [21_000, 1030]), 1.5],
    ["is zero when nothing moves", collect([0, 7], [4000, 7]), 0],
    ["is never negative", collect([0, 9], [1000, 3]), 0],
    ["ignores a look that is no newer", collect([0, 0], [2000, 10], [2000, 99], [1000, 5]), 5],
  ])("%s", (_, samples, rate) => {
    expect(rateOf(samples)).toBe(rate);
  });
});

test.each([
  [800, 80, 40, 10],
  [800, null, 40, 20],
  [800, 0, 40, null],
  [0, 80, 40, 0],
])("%i queued at %s of %i messages/s take %s s", (queued, rate, messagesPerSecond, seconds) => {
  expect(secondsLeft(queued, rate, messagesPerSecond)).toBe(seconds);
});
