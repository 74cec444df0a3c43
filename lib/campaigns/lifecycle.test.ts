import { expect, test } from "vitest";
import { deletable, isNext, predecessorsOf } from "@/lib/campaigns/lifecycle";
import { CampaignStatus } from "@/lib/db/generated/enums";

const statuses = Object.values(CampaignStatus);

test.each(["completed", "failed", "canceled"] as const)("a %s campaign goes nowhere by the table", (from) => {
  expect(statuses.filter((to) => isNext(from, to))).toEqual([]);
});

test.each([
  ["processing", ["draft", "scheduled", "paused"]],
  ["paused", ["scheduled", "processing"]],
  ["scheduled", ["draft", "scheduled", "paused"]],
  ["completed", ["processing"]],
  ["canceled", ["draft", "scheduled", "processing", "paused"]],
] as const)("a campaign becomes %s only from %j", (to, from) => {
  expect(predecessorsOf(to)).toEqual(from);
});

test("a campaign that is still to send something cannot be deleted", () => {
  expect(deletable).not.toContain("processing");
  expect(deletable).not.toContain("paused");
});
