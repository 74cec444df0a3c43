import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** An identifier that sorts by time, the form in which Inngest gives run and event ids. */
export function ulid(time = Date.now(), entropy: Uint8Array = randomBytes(10)): string {
  let rest = (BigInt(time) << 80n) | BigInt(`0x${Buffer.from(entropy).toString("hex")}`);
  let text = "";
  for (let i = 0; i < 26; i++) {
    text = ALPHABET.charAt(Number(rest & 31n)) + text;
    rest >>= 5n;
  }
  return text;
}

/**
 * The same id for the same seed and position: a repeated request names its events as the first one did.
 * The seed is the SDK's `x-inngest-event-id-seed` header, "<milliseconds>,<ten bytes in base64>".
 */
export function seededUlid(seed: string | undefined, position: number): string {
  const [time, encoded] = seed?.split(",") ?? [];
  const entropy = Buffer.from(encoded ?? "", "base64");
  if (!/^\d{1,14}$/.test(time ?? "") || entropy.length !== 10) return ulid();
  entropy.writeUInt32BE((entropy.readUInt32BE(6) + position) >>> 0, 6);
  return ulid(Number(time), entropy);
}
