import { expect, test } from "vitest";
import { causeOf, finalCodes, isKnownCode, reasonOf } from "@/lib/whatsapp/errors";
import { errorTable } from "@/local/sandbox/error-table";

test.each([
  [190, "account"],
  [200, "account"],
  [299, "account"],
  [300, "person"],
  [2635, "account"],
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

test("has words for every code of Meta's list but those that answer no message", () => {
  /** The callback's address, a webhook that was not delivered, a number's registration, payments, an endpoint not used here. */
  const notOfSends = [2200, 131035, 133000, 133005, 133008, 133009, 133015, 133016, 134011, 134100, 134101];
  const codes = Object.keys(errorTable).map(Number);

  expect(codes.length).toBeGreaterThan(70);
  expect(codes.filter((code) => !isKnownCode(code))).toEqual(notOfSends);
});
