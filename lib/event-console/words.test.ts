import { describe, expect, test } from "vitest";
import { describeEvent, explainResult, formatEvents, kindOf, resultOf } from "@/lib/event-console/words";

const nothing = {
  ...{ statusCount: 0, status: null, recipient: null, messageCount: 0, messageType: null, sender: null },
  ...{ text: null, templateName: null, report: null },
};

describe("an event in one line", () => {
  test.each([
    [{ statusCount: 1, status: "delivered", recipient: "16505551234" }, "Delivered to +16505551234"],
    [{ statusCount: 1201, status: "failed", recipient: "1650" }, "Failed for +1650, and 1,200 more"],
    [{ statusCount: 1, status: "played" }, "played: somebody"],
    [
      { messageCount: 1, messageType: "text", sender: "1650", text: "Hello", statusCount: 0 },
      "“Hello” from +1650",
    ],
    [{ messageCount: 2, messageType: "image" }, "image, and 1 more"],
    [{ templateName: "spring_sale", report: "PENDING_DELETION" }, "spring_sale: pending deletion"],
    [{ report: "DISABLED_UPDATE" }, "disabled update"],
    [{}, ""],
  ])("%o", (event, words) => {
    expect(describeEvent({ ...nothing, ...event })).toBe(words);
  });
});

test.each([
  [null, "events"],
  [{ count: 1, isMore: false }, "1 event"],
  [{ count: 9999, isMore: false }, "9,999 events"],
  [{ count: 10_000, isMore: true }, "10,000+ events"],
])("a count of %o is %s", (total, words) => {
  expect(formatEvents(total)).toBe(words);
});

test("a kind nobody knows keeps its own name", () => {
  expect(kindOf("message_status")).toBe("Message status");
  expect(kindOf("partner_solutions")).toBe("Partner solutions");
});

test.each([
  [true, null, "processed"],
  [false, null, "pending"],
  [false, "No message", "waiting"],
  [false, "Other", "failed"],
] as const)("processed %s with the reason %s is %s", (processed, errorMessage, result) => {
  expect(resultOf({ processed, errorMessage }, "No message")).toBe(result);
});

test("does not promise another try after a day", () => {
  const receivedAt = new Date("2026-11-24T12:00:00Z");
  const failed = { result: "failed", errorMessage: "Broken.", receivedAt, eventType: "message" } as const;

  expect(explainResult(failed, Date.parse("2026-11-25T11:59:00Z"))).toBe(
    "Broken. Campanile tries again every minute for a day.",
  );
  expect(explainResult(failed, Date.parse("2026-11-25T12:01:00Z"))).toBe(
    "Broken. Campanile does not try again by itself.",
  );
});

test("says of a kind nobody knows that nothing was done", () => {
  const event = { result: "processed", errorMessage: null, receivedAt: new Date() } as const;

  expect(explainResult({ ...event, eventType: "account_update" })).toContain("done what it asks for");
  expect(explainResult({ ...event, eventType: "partner_solutions" })).toContain("nothing was done");
});
