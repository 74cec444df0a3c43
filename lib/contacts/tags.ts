const separator = /[,;|]/;

/** Several tags in one cell of a file: separated by comma, semicolon or bar; what has one of them itself is in quotes. */
export const joinTags = (tags: string[]): string =>
  tags.map((tag) => (/[,;|"]/.test(tag) ? `"${tag.replaceAll('"', '""')}"` : tag)).join(", ");

/** The reverse. A quotation mark inside a tag, or one that is never closed, is one of its letters. */
export function splitTags(cell: string): string[] {
  const tags: string[] = [];
  let rest = cell;
  while (rest !== "") {
    const quoted = /^\s*"((?:[^"]|"")*)"\s*(?:[,;|]|$)/.exec(rest);
    const end = rest.search(separator);
    const length = quoted?.[0].length ?? (end < 0 ? rest.length : end + 1);
    tags.push(quoted?.[1]?.replaceAll('""', '"') ?? rest.slice(0, end < 0 ? rest.length : end));
    rest = rest.slice(length);
  }
  return tags.map((tag) => tag.trim()).filter(Boolean);
}
