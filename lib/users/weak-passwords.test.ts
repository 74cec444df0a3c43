import { expect, test } from "vitest";
import { isWeakPassword } from "@/lib/users/weak-passwords";

const personal = ["rosa.bianchi@example.com", "Forno Bianchi"];

test.each([
  "Password123",
  "QWERTYUIOP",
  "0123456789",
  "9876543210",
  "aaaaaaaaaa",
  "abcabcabcabc",
  "rosa.bianchi",
  "forno bianchi",
  "Rosa.Bianchi@example.com",
])("refuses %s", (password) => {
  expect(isWeakPassword(password, personal)).toBe(true);
});

test.each(["seven wild horses", "Xk2-vv9!pQ0z", "forno bianchi 1962!", "пароль из слов"])(
  "accepts %s",
  (password) => {
    expect(isWeakPassword(password, personal)).toBe(false);
  },
);

test("is not confused by an empty name", () => {
  expect(isWeakPassword("seven wild horses", ["a@example.com", ""])).toBe(false);
});
