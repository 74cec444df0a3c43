import { expect, test } from "vitest";
import { decideOutcome, type MessageFacts, type Outcome } from "./outcomes";

const facts: MessageFacts = {
  recipient: "919812345678",
  marketing: true,
  freeForm: false,
  windowOpen: false,
  overMessagingLimit: false,
  stoppedMarketing: false,
  blocked: false,
  brokenMedia: false,
  quickReplies: [{ payload: "OUT", text: "Stop promotions", interactive: false }],
};

const summary = (outcomes: Outcome[]): string =>
  outcomes
    .map((one) => ("reply" in one ? one.reply.type : "code" in one ? `failed ${one.code}` : one.status))
    .join(" ");

const fateOf = (changes: Partial<MessageFacts>): string =>
  summary(decideOutcome({ ...facts, ...changes }, "seed"));

test.each([
  ["0001", "sent delivered"],
  ["0002", "sent"],
  ["0003", "sent read"],
  ["0026", "failed 131026"],
  ["0047", "failed 131047"],
  ["0048", "failed 131048"],
  ["0049", "failed 131049"],
  ["0050", "failed 131050"],
  ["0053", "failed 131053"],
  ["0472", "failed 130472"],
  ["0010", "read delivered sent read delivered sent"],
  ["0011", "sent delivered read"],
  ["0012", "sent delivered text"],
  ["0013", "sent delivered button"],
  ["0014", "sent delivered text"],
])("plays the part of numbers ending in %s", (suffix, fate) => {
  expect(fateOf({ recipient: `91981234${suffix}` })).toBe(fate);
});

test.each([
  ["free text outside the window", { freeForm: true }, "failed 131047"],
  ["a link that cannot be fetched", { brokenMedia: true }, "failed 131053"],
  ["somebody the business has blocked", { blocked: true }, "failed 130403"],
  ["marketing to somebody who stopped it", { stoppedMarketing: true }, "failed 131050"],
  ["more people than the limit allows", { overMessagingLimit: true }, "failed 131048"],
])("refuses by webhook %s", (_, changes, fate) => {
  expect(fateOf(changes)).toBe(fate);
});

test("lets the same person have the same fate under the same seed", () => {
  const recipients = Array.from({ length: 200 }, (_, index) => `9198${10_000_000 + index * 37}`);
  const fates = (seed: string) =>
    recipients.map((recipient) => JSON.stringify(decideOutcome({ ...facts, recipient }, seed)));

  expect(fates("one")).toEqual(fates("one"));
  expect(fates("one")).not.toEqual(fates("two"));
});

test("deals out the shares of a healthy list, each within its times", () => {
  const all = Array.from({ length: 20_000 }, (_, index) =>
    decideOutcome({ ...facts, recipient: `9198${20_000_005 + index * 10}` }, "s"),
  );
  const share = (has: (outcomes: Outcome[]) => boolean) => all.filter(has).length / all.length;
  const hasStatus = (status: string) => (outcomes: Outcome[]) =>
    outcomes.some((one) => "status" in one && one.status === status);
  const hasCode = (code: number) => (outcomes: Outcome[]) =>
    outcomes.some((one) => "code" in one && one.code === code);

  expect(share(hasStatus("delivered"))).toBeCloseTo(0.96, 1);
  expect(share(hasStatus("read")) / share(hasStatus("delivered"))).toBeCloseTo(0.62, 1);
  expect(share(hasCode(131026))).toBeGreaterThan(0.015);
  expect(share(hasCode(131026))).toBeLessThan(0.03);
  expect(share(hasCode(131049))).toBeGreaterThan(0.003);
  expect(share((outcomes) => outcomes.some((one) => "reply" in one))).toBeGreaterThan(0.01);
  for (const outcome of all.flat()) {
    if ("status" in outcome && outcome.status === "sent") expect(outcome.after).toBeLessThanOrEqual(500);
  }
});
