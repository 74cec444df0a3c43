import { randomFillSync } from "node:crypto";

const pool = Buffer.allocUnsafe(16_384);
let used = pool.length;

/** A slice of fresh random bytes, valid until the next call: one system call serves hundreds of ids. */
function randomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
}

/** Object ids are decimal strings of 15 to 17 digits ("Get started" pages of the Cloud API). */
export function newObjectId(length = 15): string {
  const digits = Array.from(randomBytes(length), (byte, index) => (index === 0 ? 1 + (byte % 9) : byte % 10));
  return digits.join("");
}

/** Message ids are opaque: `wamid.` and base64 text that may hold `=`, `+` and `/`. */
export const newMessageId = (): string => `wamid.HBgL${randomBytes(32).toString("base64")}`;

export const newTraceId = (): string => `A${randomBytes(16).toString("base64url")}`;

export const newHex = (bytes: number): string => randomBytes(bytes).toString("hex");

export const newAccessToken = (): string =>
  `EAAG${randomBytes(90).toString("base64url").replace(/[-_]/g, "Z")}`;
