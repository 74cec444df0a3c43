import { expect, test } from "vitest";
import { createPace } from "@/lib/lanes/pace";
import { createWindow } from "@/lib/lanes/window";

/**
 * Posts as fast as pace and window allow, each of which arrives somewhere between leaving and being answered. Returns when
 * they arrived.
 */
function arrivalsOf(
  rate: number,
  seconds: number,
  travelOf: (now: number) => { there: number; back: number },
) {
  const window = createWindow();
  const pace = createPace(rate, null, 0);
  const answers: { at: number; post: number }[] = [];
  const arrivals: number[] = [];
  for (let now = 0; now < seconds * 1000; now++) {
    for (const answer of answers.filter(({ at }) => at === now)) window.answer(answer.post, now);
    while (window.waitMs(rate, now) === 0 && pace.take(now) === 0) {
      const { there, back } = travelOf(now);
      answers.push({ at: now + there + back, post: window.post(now) });
      arrivals.push(now + there);
    }
  }
  return arrivals;
}

const fullestSecond = (arrivals: number[]) =>
  Math.max(...arrivals.map((from) => arrivals.filter((at) => at >= from && at < from + 1000).length));

test.each([
  ["everything takes the same time", () => ({ there: 20, back: 20 })],
  ["the other side stands still now and then", (now: number) => ({ there: 61 - (now % 61), back: 2 })],
  ["answers take long", () => ({ there: 5, back: 900 })],
])("lets no second at the other side hold too many, when %s", (_, travelOf) => {
  expect(fullestSecond(arrivalsOf(100, 4, travelOf))).toBeLessThanOrEqual(100);
});

test("costs nothing when every post takes the same time, however long", () => {
  const arrivals = arrivalsOf(100, 5, () => ({ there: 100, back: 100 }));

  expect(arrivals.length).toBeGreaterThanOrEqual(5 * 100 * 0.97);
});

test("does not wait for answers that never come", () => {
  const window = createWindow();
  for (let count = 0; count < 10; count++) window.post(0);

  expect(window.waitMs(10, 0)).toBeGreaterThan(0);
  expect(window.waitMs(10, 1251)).toBeGreaterThan(0);
  expect(window.waitMs(10, 2252)).toBe(0);
});
