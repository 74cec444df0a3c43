/** What a list of contacts can show beside the name. A custom field is `metadata.<key>`. */
export const columnWords = {
  phone: "Phone",
  email: "E-mail",
  consent: "Consent",
  tags: "Tags",
  last_reply: "Last wrote",
  created: "Added",
  source: "Source",
} as const;
export type Column = keyof typeof columnWords;

export const usualColumns: Column[] = ["phone", "consent", "tags", "last_reply", "created"];

/** Where the browser remembers the choice. */
export const columnsCookie = "contact-columns";

export const customColumn = (key: string) => `metadata.${key}`;

/** The columns of a cookie; the usual ones when there is none. What is unknown is left out. */
export function readColumns(cookie: string | undefined): string[] {
  if (cookie === undefined) return usualColumns;
  return decodeURIComponent(cookie)
    .split("\n")
    .filter((column) => column in columnWords || column.startsWith("metadata."));
}

export const writeColumns = (columns: string[]): string =>
  `${columnsCookie}=${encodeURIComponent(columns.join("\n"))}; path=/contacts; max-age=31536000; samesite=lax`;
