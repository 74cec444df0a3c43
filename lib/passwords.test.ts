import { scryptSync } from "node:crypto";
import { expect, test, vi } from "vitest";
import { hashPassword, isPassword } from "@/lib/passwords";

/** A password is meant to cost time and memory, more so on a busy machine. */
vi.setConfig({ testTimeout: 60_000 });

test("accepts the password, composed either way, and no other", async () => {
  const hash = await hashPassword("caffè latte grande");

  expect(await isPassword("caffè latte grande".normalize("NFD"), hash)).toBe(true);
  expect(await isPassword("caffe latte grande", hash)).toBe(false);
  expect(await isPassword("", hash)).toBe(false);
});

test("salts: the same password looks different every time", async () => {
  const [first, second] = await Promise.all([
    hashPassword("seven wild horses"),
    hashPassword("seven wild horses"),
  ]);

  expect(first).not.toBe(second);
  expect(first).not.toContain("horses");
});

test("costs what OWASP asks for: N = 2^17, r = 8, p = 1", async () => {
  const [, salt = "", key] = (await hashPassword("seven wild horses")).split(".");

  const expected = scryptSync("seven wild horses", Buffer.from(salt, "base64url"), 32, {
    N: 2 ** 17,
    r: 8,
    p: 1,
    maxmem: 2 ** 28,
  });

  expect(key).toBe(expected.toString("base64url"));
});

test.each([undefined, "", "none", "scrypt..", "scrypt.AAAA."])("accepts nothing for %j", async (hash) => {
  expect(await isPassword("", hash)).toBe(false);
});

test("works as hard for somebody unknown as for a wrong password", async () => {
  const hash = await hashPassword("seven wild horses");
  const cpuOf = async (work: () => Promise<unknown>) => {
    const before = process.cpuUsage();
    await work();
    return process.cpuUsage(before).user;
  };

  const wrong = await cpuOf(() => isPassword("wrong", hash));
  const unknown = await cpuOf(() => isPassword("wrong", undefined));

  expect(unknown).toBeGreaterThan(wrong / 4);
});
