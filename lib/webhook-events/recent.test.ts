import { expect, test } from "vitest";
import { createRecent } from "@/lib/webhook-events/recent";

test("is used for two seconds, then read again by one while the others go on, and forgotten after five", () => {
  let now = 0;
  const recent = createRecent<string>(() => now);
  recent.set("key", "value");

  now = 1999;
  expect(recent.get("key")).toBe("value");
  now = 2000;
  expect([recent.get("key"), recent.get("key"), recent.get("key")]).toEqual([undefined, "value", "value"]);
  now = 5000;
  expect(recent.get("key")).toBeUndefined();
  recent.set("key", "new");
  expect(recent.get("key")).toBe("new");
});

test("forgets the oldest of more than a thousand", () => {
  const recent = createRecent<number>(() => 0);
  for (let key = 0; key <= 1000; key++) recent.set(String(key), key);

  expect([recent.get("0"), recent.get("1"), recent.get("1000")]).toEqual([undefined, 1, 1000]);
});
