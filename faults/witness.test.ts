import { describe, expect, test } from "vitest";
import { deliveriesOf, type LedgerEntry, postsOf } from "@/faults/witness";

const request = (requestId: string, callbackData = "m"): LedgerEntry => ({
  at: 1,
  kind: "request",
  requestId,
  phoneNumberId: "1",
  to: "49",
  body: { biz_opaque_callback_data: callbackData },
});

const answer = (requestId: string, fields: object): LedgerEntry => ({
  at: 1,
  kind: "answer",
  requestId,
  ...fields,
});

const outcomeAfter = (fields: object) => postsOf([request("r"), answer("r", fields)])[0]?.outcome;

describe("a post", () => {
  test.each([
    ["accepted", { status: 200, accepted: true, wamid: "wamid.1" }],
    ["accepted", { status: null, accepted: true, wamid: "wamid.1", connection: "drop" }],
    ["accepted", { status: 502, accepted: true, wamid: "wamid.1" }],
    ["refused", { status: 400, accepted: false, code: 131056 }],
    ["refused", { status: 429, accepted: false }],
    ["unanswered", { status: 503, accepted: false }],
    ["unanswered", { status: null, accepted: false, connection: "hang" }],
  ])("is %s when the ledger says %j", (outcome, fields) => {
    expect(outcomeAfter(fields)).toBe(outcome);
  });

  test("is unanswered when the witness died before it could answer", () => {
    expect(postsOf([request("r")])[0]?.outcome).toBe("unanswered");
  });

  test.each(["m", "m.0", "m.12"])("names its message by %s", (callbackData) => {
    expect(postsOf([request("r", callbackData)])[0]?.messageId).toBe("m");
  });
});

test("a delivery that is repeated has the reports of its first attempt", () => {
  const webhook = (attempt: number, fields: object = {}): LedgerEntry => ({
    at: 1,
    kind: "webhook",
    deliveryId: "d",
    attempt,
    phoneNumberIds: ["1"],
    ...fields,
  });
  const answered = (attempt: number, status: number | null): LedgerEntry => ({
    at: 1,
    kind: "webhook_answer",
    deliveryId: "d",
    attempt,
    status,
  });
  const updates = [
    { id: "wamid.1", status: "sent" },
    { id: "wamid.2", type: "text" },
  ];

  expect(
    deliveriesOf([webhook(1, { updates }), answered(1, null), webhook(2), answered(2, 200), webhook(3)]),
  ).toEqual(
    [null, 200, null].map((status) => ({
      phoneNumberIds: ["1"],
      status,
      reports: [{ wamid: "wamid.1", state: "sent" }],
    })),
  );
});
