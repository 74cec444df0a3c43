import { expect, test } from "vitest";
import { createPace, type Pace } from "@/lib/lanes/pace";

/** The instants of the places taken between two instants, asking as often as a timer of 1 ms would. */
function placesOf(pace: Pace, from: number, until: number, isStalled = (_now: number) => false): number[] {
  const places: number[] = [];
  for (let now = from; now < until; now++) {
    while (!isStalled(now) && pace.take(now) === 0) places.push(now);
  }
  return places;
}

test.each([1, 20, 80, 250, 1000])("spaces nearly %d places a second evenly", (rate) => {
  const places = placesOf(createPace(rate, null, 0), 0, 5000);

  expect(places.length).toBeLessThanOrEqual(rate * 5);
  expect(places.length).toBeGreaterThanOrEqual(Math.floor(rate * 5 * 0.97));
  const gaps = places.slice(1).map((at, index) => at - (places[index] ?? 0));
  expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
});

test("catches up short stalls and forgets long ones", () => {
  const isStalled = (now: number) => now % 500 < 60 || (now > 2000 && now < 2400);
  const places = placesOf(createPace(1000, null, 0), 0, 3000, isStalled);

  expect(places.filter((at) => at < 2000).length).toBeGreaterThanOrEqual(1900);
  expect(places.filter((at) => at >= 2400 && at < 2410).length).toBeLessThanOrEqual(115);
});

test("tells for how long there is no place", () => {
  const pace = createPace(10, null, 0);
  pace.take(0);

  expect(pace.take(1)).toBeCloseTo(100.5, 1);
  expect(pace.take(500)).toBe(0);
});

test("halves the rate once for refusals that come together, and lets it come back slowly", () => {
  const pace = createPace(80, null, 0);

  expect(pace.slowDown(1000)).toBe(40);
  expect(pace.slowDown(1900)).toBeNull();

  expect(pace.rate(1000)).toBe(40);
  expect(pace.rate(51_000)).toBe(60);
  expect(pace.rate(500_000)).toBe(80);
  expect(pace.slowDown(51_000)).toBe(30);
});

test("spaces places by the lowered rate, never below one message a second", () => {
  const pace = createPace(80, null, 0);
  for (let second = 1; second <= 20; second++) pace.slowDown(second * 1000);

  expect(pace.rate(20_000)).toBeGreaterThanOrEqual(1);
  expect(placesOf(pace, 20_000, 25_000).length).toBeLessThanOrEqual(12);
});

test("goes on where another process was slowed down", () => {
  expect(createPace(80, { to: 10, agoMs: 25_000 }, 0).rate(0)).toBe(20);
});
