import { expect, test } from "vitest";
import { isOptOut } from "@/lib/consent/words";

test.each([
  "STOP",
  " stop. ",
  "Stop!!",
  "🛑 STOP 🛑",
  "ＳＴＯＰ",
  "Unsubscribe",
  "opt-out",
  "PARAR",
  "Abmelden",
  "बंद करो",
  "توقف",
])("%s is an opt-out", (text) => {
  expect(isOptOut(text)).toBe(true);
});

test.each([
  "please don't stop",
  "stop by tomorrow?",
  "Non-stop",
  "",
  "🛑",
  "I want to cancel my order",
  "weiter",
])("%s is none", (text) => {
  expect(isOptOut(text)).toBe(false);
});
