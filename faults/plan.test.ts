import { expect, test } from "vitest";
import { nameOf, type PlanOptions, planOf } from "@/faults/plan";
import { createRandom } from "@/local/sandbox/random";

const planBy = (seed: number, options: Partial<PlanOptions> = {}) =>
  planOf({ random: createRandom(seed), spanMs: 10_000, tenants: 2, isShort: false, ...options });

const namesIn = (plan: ReturnType<typeof planBy>) => plan.map(({ fault }) => nameOf(fault));

test("is the same for the same seed and another one for another", () => {
  expect(planBy(7)).toEqual(planBy(7));
  expect(planBy(7)).not.toEqual(planBy(8));
});

test.each([true, false])("has every process die that holds something, short or not (%s)", (isShort) => {
  for (let seed = 0; seed < 20; seed++) {
    expect(namesIn(planBy(seed, { isShort }))).toEqual(
      expect.arrayContaining(["SIGKILL engine", "crash database", "kill server in silence"]),
    );
  }
});

test("strikes in order and within the time that the campaigns take", () => {
  const instants = planBy(7).map(({ afterMs }) => afterMs);

  expect(instants).toEqual(instants.toSorted((one, other) => one - other));
  expect(Math.min(...instants)).toBeGreaterThan(0);
  expect(Math.max(...instants)).toBeLessThanOrEqual(10_000);
});

test("leaves out no fault for ever", () => {
  const seen = new Set(Array.from({ length: 50 }, (_, seed) => namesIn(planBy(seed))).flat());

  expect([...seen].toSorted()).toMatchInlineSnapshot(`
    [
      "130429",
      "131056",
      "429",
      "500",
      "502 in HTML after acceptance",
      "503",
      "503 in HTML",
      "SIGKILL engine",
      "SIGKILL sandbox",
      "SIGKILL server",
      "SIGTERM server",
      "crash database",
      "cut after acceptance",
      "cut before acceptance",
      "forge webhook",
      "half an answer",
      "kill server in silence",
      "opt out",
      "pause template",
      "repeat webhooks",
      "revoke token",
      "sign webhooks wrongly",
      "silence after acceptance",
      "slow answers",
      "toggle",
      "webhook first",
    ]
  `);
});
