import { expect, test } from "vitest";
import { createBreaker } from "@/lib/lanes/breaker";

test("opens after ten failures in a row, for longer each time its probe fails", () => {
  const breaker = createBreaker();
  for (let failure = 0; failure < 9; failure++) breaker.fail(0, 0);
  expect(breaker.waitMs(0)).toBe(0);

  breaker.fail(0, 0);
  expect(breaker.waitMs(0)).toBe(1000);
  expect(breaker.isProbing()).toBe(true);
  breaker.fail(0, 500);
  expect(breaker.waitMs(500)).toBe(500);
  breaker.fail(0, 1000);
  expect(breaker.waitMs(1000)).toBe(2000);
  for (let now = 3000; now < 500_000; now += 60_000) breaker.fail(0, now);
  expect(breaker.waitMs(483_000)).toBeLessThanOrEqual(60_000);
});

test("is closed by the first success", () => {
  const breaker = createBreaker();
  for (let failure = 0; failure < 12; failure++) breaker.fail(0, 0);

  breaker.succeed();

  expect(breaker.waitMs(0)).toBe(0);
  expect(breaker.isProbing()).toBe(false);
});

test("waits as long as the other side asked for", () => {
  const breaker = createBreaker();
  for (let failure = 0; failure < 10; failure++) breaker.fail(30_000, 0);

  expect(breaker.waitMs(0)).toBe(30_000);
});
