import { describe, expect, test } from "vitest";
import { type Evidence, reasonToHold, reasonToStop } from "@/lib/brakes/brake";
import { canarySize } from "@/lib/brakes/canary";

const well: Evidence = {
  ...{ brakePercent: 30, templateName: "spring_sale", templateStatus: "approved", isQualityRed: false },
  ...{ answered: 100, refused: 0, taken: 100, failed: 0, optedOut: 0, sentCount: 1000 },
};

describe("a campaign goes on", () => {
  test.each<[string, Partial<Evidence>]>([
    ["when all is well", {}],
    ["at the limit exactly", { refused: 30, failed: 30 }],
    ["while too little is known", { answered: 19, refused: 19, taken: 19, failed: 19 }],
    ["when few objected", { optedOut: 9, sentCount: 10 }],
    ["when 5% objected", { optedOut: 50 }],
    ["when its template was edited", { templateStatus: "pending" }],
    ["whatever fails, when the owner allows all of it", { brakePercent: 100, refused: 100, failed: 100 }],
  ])("%s", (_, evidence) => {
    expect(reasonToStop({ ...well, ...evidence })).toBeNull();
  });
});

describe("a campaign stops", () => {
  test.each<[Partial<Evidence>, string]>([
    [{ refused: 31 }, "WhatsApp refused 31 of the last 100 messages: more than the 30% you allow."],
    [{ answered: 20, refused: 7 }, "WhatsApp refused 7 of the last 20 messages"],
    [{ failed: 31 }, "WhatsApp took 100 messages and then could not deliver 31 of them"],
    [{ optedOut: 51 }, "51 people opted out after they got it, of 1,000: more than 5%."],
    [{ templateStatus: "paused" }, "WhatsApp has paused the template spring_sale."],
    [{ templateStatus: "disabled" }, "WhatsApp has disabled the template spring_sale."],
    [{ isQualityRed: true }, "WhatsApp rates the quality of your number as low"],
  ])("on %j and says why", (evidence, reason) => {
    expect(reasonToStop({ ...well, ...evidence })).toContain(reason);
  });
});

describe("the rest of a campaign", () => {
  test.each([
    [{ posted: 50, arrived: 25, failed: 0 }, null],
    [{ posted: 50, arrived: 15, failed: 15 }, null],
    [{ posted: 0, arrived: 0, failed: 0 }, null],
    [{ posted: 50, arrived: 34, failed: 16 }, "Of the first 50 people, 16 did not get it"],
    [{ posted: 50, arrived: 24, failed: 0 }, "only 24 are known to have got it"],
  ])("after %j", (outcome, reason) => {
    const answer = reasonToHold(outcome, 30);

    if (reason === null) expect(answer).toBeNull();
    else expect(answer).toContain(reason);
  });
});

test.each([
  [39, 50, null],
  [40, 1, 20],
  [400, 5, 20],
  [401, 5, 21],
  [1000, 50, 500],
  [1000, null, null],
])("of %i people at %s%%, %s get it first", (recipients, percent, size) => {
  expect(canarySize(recipients, percent)).toBe(size);
});
