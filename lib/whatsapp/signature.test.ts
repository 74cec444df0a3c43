import { expect, test } from "vitest";
import { isSignedWith } from "@/lib/whatsapp/signature";

const secret = "test-app-secret";
const plain = '{"object":"whatsapp_business_account"}';
const plainSignature = "b6978b21c4467654c466607663db9b43fae44b71083568df403e0a077089208e";
const escaped =
  '{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{"text":{"body":"Gr\\u00fc\\u00dfe \\ud83d\\udc4b"}},"field":"messages"}]}]}';
const escapedSignature = "80b898aa0a4dfda0ae189a2b1700d585a2982d267eca14b7a8f6eb923016cff2";

const isSigned = (body: string, header: string | null, key = secret) =>
  isSignedWith(key, Buffer.from(body), header);

test.each([
  [plain, plainSignature],
  [escaped, escapedSignature],
])("accepts Meta's signature over the raw bytes of %s", (body, hex) => {
  expect(isSigned(body, `sha256=${hex}`)).toBe(true);
});

test("refuses the same document written anew", () => {
  expect(isSigned(JSON.stringify(JSON.parse(escaped)), `sha256=${escapedSignature}`)).toBe(false);
});

test.each([
  null,
  "",
  plainSignature,
  `sha1=${plainSignature}`,
  `sha256=${plainSignature.slice(2)}`,
  `sha256=${plainSignature.toUpperCase()}`,
  `sha256=${"0".repeat(64)}`,
])("refuses the header %s", (header) => {
  expect(isSigned(plain, header)).toBe(false);
});

test("refuses another app's signature", () => {
  expect(isSigned(plain, `sha256=${plainSignature}`, "another-secret")).toBe(false);
});
