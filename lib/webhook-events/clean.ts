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
