import { expect, test } from "vitest";
import { planOf } from "@/lib/lanes/plan";

test.each([
  [250, 250, 0, null],
  [251, 250, 0, { limit: 250, first: 250, days: 2 }],
  [100, 250, 200, { limit: 250, first: 50, days: 2 }],
  [1000, 250, 300, { limit: 250, first: 0, days: 5 }],
  [1_000_000, 100_000, 0, { limit: 100_000, first: 100_000, days: 10 }],
  [1_000_000, null, 0, null],
])("spreads %d people under a limit of %s, of which %d are used", (people, limit, used, plan) => {
  expect(planOf(people, limit, used)).toEqual(plan);
});
