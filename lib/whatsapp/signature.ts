import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Whether Meta signed exactly these bytes with this app secret (header `X-Hub-Signature-256: sha256=<hex>`).
 * Must see the untouched body: Meta escapes non-ASCII as `\uXXXX`, which parsing and re-writing would lose.
 * Source: Meta, "Webhooks: getting started", validate payloads.
 */
export function isSignedWith(
  appSecret: string,
  body: Uint8Array,
  header: string | null | undefined,
): boolean {
  const given = /^sha256=([0-9a-f]{64})$/.exec(header ?? "")?.[1];
  if (!given) return false;
  const expected = createHmac("sha256", appSecret).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(given, "hex"));
}
