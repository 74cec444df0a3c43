import { expect, test } from "vitest";
import { causeOf, finalCodes, isKnownCode, reasonOf } from "@/lib/whatsapp/errors";
import { errorTable } from "@/local/sandbox/error-table";

test.each([
  [190, "account"],
  [200, "account"],
  [299, "account"],
  [300, "person"],
  [131042, "account"],
  [368, "account"],
  [132015, "template"],
  [131026, "person"],
  [131047, "person"],
  [131049, "person"],
  [130472, "person"],
  [131050, "stopped"],
  [131056, "pair"],
  [130429, "rate"],
  [131000, "platform"],
  [131009, "request"],
])("knows whom %d concerns: %s", (code, scope) => {
  expect(causeOf(code).scope).toBe(scope);
});

test("takes an unknown code for final, and for no opt-out", () => {
  expect(isKnownCode(999_999)).toBe(false);
  expect(causeOf(999_999)).toMatchObject({ scope: "person", retry: "owner" });
});

test("tells what the owner can do, with the code", () => {
  expect(reasonOf(131042)).toBe(
    "Meta sees a payment problem. Check the payment method in Meta's business settings, then resume. (131042)",
  );
});

test("names the codes after which another try is useless", () => {
  expect(finalCodes).toEqual(expect.arrayContaining(["131050", "131047", "130472"]));
  expect(finalCodes).not.toContain("131026");
  expect(finalCodes).not.toContain("131049");
});

test("has words for every code that the sandbox answers a send with", () => {
  /** About a webhook that was not delivered, not about a message. */
  const notASend = 131035;
  const codes = Object.keys(errorTable)
    .map(Number)
    .filter((code) => code >= 130_000 && code < 133_000);

  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !isKnownCode(code))).toEqual([notASend]);
});
