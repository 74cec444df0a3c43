import { expect, test } from "vitest";
import { PhoneLines } from "@/lib/import-runs/phone-lines";
import { seededRandom } from "@/lib/testing/phone-numbers";

test("finds every number again among many, as a Map does", () => {
  const random = seededRandom(1);
  const [first, last] = [new PhoneLines(), new PhoneLines()];
  const [firstMap, lastMap] = [new Map<number, number>(), new Map<number, number>()];
  for (let line = 1; line <= 50_000; line++) {
    const phone = 1e6 + Math.floor(random() * 30_000) * (line % 2 ? 1 : 33_333_333_331);
    expect(first.add(phone, line)).toBe(firstMap.get(phone) ?? null);
    if (!firstMap.has(phone)) firstMap.set(phone, line);
    last.replace(phone, line);
    lastMap.set(phone, line);
  }

  expect(first.size).toBe(firstMap.size);
  for (const [phone, line] of lastMap) expect(last.get(phone)).toBe(line);
  expect(last.get(5)).toBeNull();
});

test("takes the longest number there is", () => {
  const lines = new PhoneLines();

  lines.add(999_999_999_999_999, 2);

  expect(lines.get(999_999_999_999_999)).toBe(2);
  expect(lines.get(999_999_999_999_998)).toBeNull();
});
