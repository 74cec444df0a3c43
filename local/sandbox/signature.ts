import { createHmac } from "node:crypto";

const beyondAscii = /[\u0080-\uffff]/;
const everyBeyondAscii = /[\u0080-\uffff]/g;

/** Meta writes everything beyond ASCII as lowercase `\uXXXX` ("Webhooks > Validating payloads" of the Graph API). */
export const escapeNonAscii = (json: string): string =>
  beyondAscii.test(json)
    ? json.replace(everyBeyondAscii, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    : json;

/** `X-Hub-Signature-256`: HMAC-SHA256 with the app secret over the exact bytes of the body. */
export const sign = (secret: string, body: string, algorithm: "sha256" | "sha1" = "sha256"): string =>
  `${algorithm}=${createHmac(algorithm, secret).update(body).digest("hex")}`;
