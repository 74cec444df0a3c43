import { describe, expect, test } from "vitest";
import { type Joinable, joined, lostIn } from "@/lib/identity/joined";

const nobody: Joinable = {
  ...{ phone: null, waId: null, waUserId: null, name: null, email: null, tags: [], metadata: {} },
  ...{ optedIn: false, optedInAt: null, optedOutAt: null, optInSource: "manual" },
  ...{ isBlocked: false, blockedReason: null, lastInboundAt: null, importId: null },
};
const [early, late] = [new Date("2026-01-01"), new Date("2026-02-01")];
const agreed = { optedIn: true, optedInAt: early, optInSource: "csv" } as const;

describe("what two entries agreed to", () => {
  test.each<[string, Partial<Joinable>, Partial<Joinable>, Partial<Joinable>]>([
    ["neither was asked", {}, {}, { optedIn: false, optedOutAt: null }],
    ["the second agreed", {}, agreed, agreed],
    ["both agreed", { ...agreed, optedInAt: late }, agreed, { optedIn: true, optedInAt: late }],
    [
      "the second is out",
      agreed,
      { optedOutAt: late },
      { optedIn: false, optedInAt: early, optedOutAt: late },
    ],
    ["the first is out", { optedOutAt: early }, agreed, { optedIn: false, optedOutAt: early }],
    ["both are out", { optedOutAt: late }, { optedOutAt: early }, { optedIn: false, optedOutAt: late }],
    ["one came back", { ...agreed, optedOutAt: null }, {}, { optedIn: true }],
    [
      "the second is blocked",
      agreed,
      { isBlocked: true, blockedReason: "Rude" },
      { isBlocked: true, blockedReason: "Rude" },
    ],
  ])("%s", (_, keep, drop, after) => {
    expect(joined({ ...nobody, ...keep }, { ...nobody, ...drop })).toMatchObject(after);
  });
});

test("everything of the second is named that the first has otherwise", () => {
  const keep = { ...nobody, phone: "+1", name: "Asha", metadata: { city: "Pune" }, waUserId: "IN.1" };
  const drop = {
    ...nobody,
    phone: "+2",
    name: "Asha",
    email: "a@b.c",
    metadata: { city: "Goa", size: "M" },
    waUserId: "IN.2",
  };

  expect(lostIn({ keep, drop, after: joined(keep, drop), messages: 0, sharedCampaigns: 0 })).toEqual([
    "+2",
    "city: Goa",
    "WhatsApp's id of the second contact",
  ]);
});
