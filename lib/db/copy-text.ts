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

const LINES_PER_PIECE = 500;

/**
 * Lines on their way to COPY. They become bytes soon: a string that was put together from pieces of a file keeps all of
 * them alive, several times its own size.
 */
export class CopyLines {
  private readonly done: Buffer[] = [];
  private fresh: string[] = [];
  count = 0;
  /** Of all lines, in characters. */
  length = 0;

  add(line: string): void {
    this.fresh.push(line);
    this.count++;
    this.length += line.length;
    if (this.fresh.length >= LINES_PER_PIECE) this.flush();
  }

  pieces(): readonly Buffer[] {
    this.flush();
    return this.done;
  }

  private flush(): void {
    if (this.fresh.length === 0) return;
    this.done.push(Buffer.from(`${this.fresh.join("\n")}\n`));
    this.fresh = [];
  }
}
