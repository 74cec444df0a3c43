import { expect, test } from "vitest";
import { escapeNonAscii, sign } from "./signature";

const secret = "test-app-secret";
const unescaped =
  '{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{"text":{"body":"Grüße 👋"}},"field":"messages"}]}]}';
const escaped =
  '{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{"text":{"body":"Gr\\u00fc\\u00dfe \\ud83d\\udc4b"}},"field":"messages"}]}]}';

test("writes everything beyond ASCII as lowercase escapes", () => {
  expect(escapeNonAscii(unescaped)).toBe(escaped);
  expect(Buffer.byteLength(escaped)).toBe(149);
  expect(JSON.parse(escaped)).toEqual(JSON.parse(unescaped));
});

test.each([
  [
    '{"object":"whatsapp_business_account"}',
    "b6978b21c4467654c466607663db9b43fae44b71083568df403e0a077089208e",
  ],
  [escaped, "80b898aa0a4dfda0ae189a2b1700d585a2982d267eca14b7a8f6eb923016cff2"],
  [unescaped, "4c3fe0dea2d88e3c3c494464122a3505970b0cba4db70a02575f097a71919ddf"],
])("signs the exact bytes %#", (body, hex) => {
  expect(sign(secret, body)).toBe(`sha256=${hex}`);
});
