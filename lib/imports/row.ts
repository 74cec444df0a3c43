import { normalizePhone } from "@/lib/contacts/phone";
import { fieldValueSchema, tagSchema, uniqueTags } from "@/lib/contacts/schema";
import { unescapeFormula } from "@/lib/imports/csv";
import type { ImportOptions } from "@/lib/imports/schema";

export type ImportedContact = {
  phone: string;
  name: string | null;
  email: string | null;
  tags: string[];
  metadata: Record<string, string>;
  /** Whether this row may opt its person in. */
  agreed: boolean;
};

export type ReadRow = { contact: ImportedContact } | { reason: string };

const MAX_TAGS = 50;
const nothing = /^(?:#n\/a|n\/a|null|-+)$/i;
const address = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const yes = new Set(
  "1 y yes true x ✓ ✔ on ok opted_in opted-in optin opt-in subscribed agreed ja j si sí s sim oui o haan हाँ हां evet да tak はい 是 نعم".split(
    " ",
  ),
);

/** Prepares to read rows: what a row becomes as a contact, or why it is rejected. */
export function rowReader({ columns, mapping, defaultCountry, tags, agreed }: ImportOptions) {
  const at = (column: string | undefined) => (column === undefined ? -1 : columns.indexOf(column));
  const phone = at(mapping.phone);
  const name = (mapping.name ? [mapping.name] : [mapping.firstName, mapping.lastName]).map(at);
  const email = at(mapping.email);
  const labels = at(mapping.tags);
  const consent = mapping.consent === undefined ? null : at(mapping.consent);
  const custom = Object.entries(mapping.custom).map(([column, key]) => ({ index: at(column), key }));

  return (cells: string[]): ReadRow => {
    const read = (index: number) => clean(cells[index] ?? "");
    if (cells.slice(columns.length).some((cell) => cell.trim() !== "")) {
      return {
        reason: `This row has ${cells.length} cells, but the file has ${columns.length} columns. Put quotation marks around text that contains the separator`,
      };
    }
    const normalized = normalizePhone(cells[phone] ?? "", defaultCountry);
    if ("reason" in normalized) return normalized;

    const fullName = name.map(read).filter(Boolean).join(" ");
    if (fullName.length > 200) return { reason: "The name is longer than 200 characters" };
    const rowTags = uniqueTags(
      [
        ...tags,
        ...read(labels)
          .split(/[,;|]/)
          .map((tag) => tag.trim()),
      ].filter(Boolean),
    );
    if (rowTags.length > MAX_TAGS) return { reason: `A contact can have at most ${MAX_TAGS} tags` };
    const badTag = rowTags.find((tag) => !tagSchema.safeParse(tag).success);
    if (badTag) return { reason: `The tag “${badTag.slice(0, 20)}…” is too long` };

    const fields = custom
      .map(({ index, key }) => [key, read(index)] as const)
      .filter(([, value]) => value !== "");
    const bad = fields.find(([, value]) => !fieldValueSchema.safeParse(value).success);
    if (bad) return { reason: `The value of “${bad[0]}” is too long` };
    return {
      contact: {
        phone: normalized.phone,
        name: fullName || null,
        email: address.test(read(email)) && read(email).length <= 254 ? read(email) : null,
        tags: rowTags,
        metadata: Object.fromEntries(fields),
        agreed: agreed && (consent === null || yes.has(read(consent).toLowerCase())),
      },
    };
  };
}

/** One line, without what spreadsheets write for nothing. */
function clean(cell: string): string {
  const text = unescapeFormula(cell)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return nothing.test(text) ? "" : text;
}
