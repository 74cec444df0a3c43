import { describe, expect, it } from "vitest";
import { reasonOf, statusOf } from "@/lib/templates/status";

describe("statusOf", () => {
  it.each([
    ["PENDING", "pending"],
    ["in_appeal", "pending"],
    ["REINSTATED", "approved"],
    ["FLAGGED", "approved"],
    ["REJECTED", "rejected"],
    ["PAUSED", "paused"],
    ["PENDING_DELETION", "disabled"],
    ["SOMETHING_NEW", null],
  ])("%s", (word, status) => {
    expect(statusOf(word)).toBe(status);
  });
});

describe("reasonOf", () => {
  it.each([
    ["APPROVED", "NONE", null],
    ["APPROVED", "SCAM", null],
    ["REJECTED", "NONE", "WhatsApp gave no reason."],
    ["REJECTED", null, "WhatsApp gave no reason."],
    ["REJECTED", "PROMOTIONAL", "The text is promotional. Choose the category marketing. (PROMOTIONAL)"],
    ["REJECTED", "A NEW ONE", "A NEW ONE"],
    ["DELETED", "NONE", "It was deleted at WhatsApp."],
  ])("%s %s", (word, reason, expected) => {
    expect(reasonOf(word, reason)).toBe(expected);
  });
});
