import { createHash } from "node:crypto";
import { beforeEach, expect, test, vi } from "vitest";
import { userIdSchema } from "@/lib/tenant";

const oldKey = "a".repeat(64);
const newKey = "b".repeat(64);
const me = userIdSchema.parse("01890000-0000-7000-8000-000000000001");
const stranger = userIdSchema.parse("01890000-0000-7000-8000-000000000002");

/** The keys are read once, so every set of keys is a module of its own. */
async function withKeys(current: string, old = "") {
  vi.resetModules();
  vi.stubEnv("ENCRYPTION_KEY", current);
  vi.stubEnv("ENCRYPTION_KEYS_OLD", old);
  return import("@/lib/crypto");
}

beforeEach(() => vi.unstubAllEnvs());

test.each(["", "EAAG-test-access-token", "Grüße 👋", "x".repeat(5000)])(
  "gives back what it was given: %#",
  async (secret) => {
    const { encrypt, decrypt } = await withKeys(newKey);

    const text = encrypt(me, "accessToken", secret);

    expect(decrypt(me, "accessToken", text)).toBe(secret);
    expect(text).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]{22}\.[\w-]*$/);
  },
);

test("never writes the same text twice and never the secret", async () => {
  const { encrypt } = await withKeys(newKey);

  const texts = Array.from({ length: 50 }, () => encrypt(me, "accessToken", "secret-secret"));

  expect(new Set(texts.map((text) => text.split(".")[2]))).toHaveProperty("size", 50);
  expect(texts.join()).not.toContain(Buffer.from("secret-secret").toString("base64url"));
});

test("does not open in another row or another column", async () => {
  const { encrypt, decrypt } = await withKeys(newKey);
  const text = encrypt(me, "accessToken", "secret");

  expect(() => decrypt(stranger, "accessToken", text)).toThrow();
  expect(() => decrypt(me, "appSecret", text)).toThrow();
});

test.each([
  ["key id", 1],
  ["iv", 2],
  ["tag", 3],
  ["ciphertext", 4],
])("does not open with another %s", async (_, part) => {
  const { encrypt, decrypt } = await withKeys(newKey);
  const [ours, other] = [encrypt(me, "accessToken", "secret-1"), encrypt(me, "accessToken", "secret-2")];
  const parts = ours.split(".");
  parts[part] = part === 1 ? "00000000" : (other.split(".")[part] ?? "");

  expect(() => decrypt(me, "accessToken", parts.join("."))).toThrow();
});

test.each(["", "plain", "v1", "v2.00000000.a.b.c", "v1....", "\u0000"])("does not open %j", async (text) => {
  const { decrypt } = await withKeys(newKey);

  expect(() => decrypt(me, "accessToken", text)).toThrow();
});

test("refuses a tag that was cut short, which would be easier to guess", async () => {
  const { encrypt, decrypt } = await withKeys(newKey);
  const parts = encrypt(me, "accessToken", "secret").split(".");
  parts[3] = Buffer.from(parts[3] ?? "", "base64url")
    .subarray(0, 4)
    .toString("base64url");

  expect(() => decrypt(me, "accessToken", parts.join("."))).toThrow();
});

test("still reads with an old key, and writes with the new one only", async () => {
  const before = await withKeys(oldKey);
  const text = before.encrypt(me, "appSecret", "secret");

  const after = await withKeys(newKey, oldKey);

  expect(after.decrypt(me, "appSecret", text)).toBe("secret");
  expect(after.encrypt(me, "appSecret", "secret").split(".")[1]).toBe(
    createHash("sha256").update(newKey).digest("hex").slice(0, 8),
  );
});

test("names the column, not the text, when the key is gone", async () => {
  const before = await withKeys(oldKey);
  const text = before.encrypt(me, "appSecret", "secret");

  const after = await withKeys(newKey);

  expect(() => after.decrypt(me, "appSecret", text)).toThrow("appSecret was encrypted with an unknown key");
});
