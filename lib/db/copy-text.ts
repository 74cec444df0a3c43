/** What COPY reads in its text format: one line per row, tabs between the fields. Pure, so that batches can be built anywhere. */

const special = /[\\\t\n\r]/;
const escapes: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** One field of a line. */
export function copyField(value: string | null): string {
  if (value === null) return "\\N";
  return special.test(value) ? value.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? "") : value;
}

/** A field of type `text[]`. */
export const copyArray = (values: string[]): string =>
  values.length === 0
    ? "{}"
    : copyField(`{${values.map((value) => `"${value.replace(/["\\]/g, "\\$&")}"`).join(",")}}`);
