/** What JSONB refuses can only be in a document that escapes U+0000 or half of a surrogate pair. */
const suspicious = /\\u(?:0000|d[89a-f])/i;

/**
 * The value of a JSON text and a text of it, both without what PostgreSQL's JSONB refuses: as it came, where nothing was
 * wrong with it. Throws on what is no JSON.
 */
export function parseClean(text: string): { value: unknown; json: string } {
  const value: unknown = JSON.parse(text);
  if (!suspicious.test(text)) return { value, json: text };
  const cleaned = clean(value);
  return { value: cleaned, json: JSON.stringify(cleaned) };
}

/**
 * The same JSON value without what PostgreSQL's JSONB refuses: U+0000 and lone surrogates become U+FFFD.
 * Throws RangeError on a value nested deeper than the stack.
 */
export function clean(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [cleanText(key), clean(each)]));
}

const cleanText = (text: string) => text.toWellFormed().replaceAll("\0", "\uFFFD");
