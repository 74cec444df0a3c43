import { normalizePhone } from "@/lib/contacts/phone";
import { fieldValueSchema, tagSchema, uniqueTags } from "@/lib/contacts/schema";
import { splitTags } from "@/lib/contacts/tags";
import { readCell } from "@/lib/imports/csv";
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

/** What of the choices decides how a row is read. */
export type RowOptions = Pick<ImportOptions, "columns" | "mapping" | "defaultCountry" | "tags" | "agreed">;

export type ReadRow = { contact: ImportedContact } | { reason: string };

const MAX_TAGS = 50;
const MAX_VALUE_LENGTH = fieldValueSchema.maxLength ?? 0;
/** Most files have few different lists of tags. */
const MAX_REMEMBERED_TAGS = 1_000;
const emailAddress = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const yes = new Set(
  "1 y yes true x ✓ ✔ on ok opted_in opted-in optin opt-in subscribed agreed ja j si sí s sim oui o haan हाँ हां evet да tak はい 是 نعم wahr vrai verdadero verdadeiro vero waar истина prawda doğru".split(
    " ",
  ),
);

/** Prepares to read rows: what a row becomes as a contact, or why it is rejected. */
export function rowReader({ columns, mapping, defaultCountry, tags, agreed }: RowOptions) {
  const at = (column: string | undefined) => (column === undefined ? -1 : columns.indexOf(column));
  const phone = at(mapping.phone);
  const name = (mapping.name ? [mapping.name] : [mapping.firstName, mapping.lastName]).map(at);
  const email = at(mapping.email);
  const labels = at(mapping.tags);
  const consent = mapping.consent === undefined ? null : at(mapping.consent);
  const readTags = tagReader(tags);
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
    const labelled = readTags(read(labels));
    if ("reason" in labelled) return labelled;

    const metadata: Record<string, string> = {};
    for (const { index, key } of custom) {
      const value = read(index);
      if (value.length > MAX_VALUE_LENGTH) return { reason: `The value of “${key}” is too long` };
      if (value !== "") metadata[key] = value;
    }
    const address = read(email);
    return {
      contact: {
        phone: normalized.phone,
        name: fullName || null,
        email: emailAddress.test(address) && address.length <= 254 ? address : null,
        tags: labelled.tags,
        metadata,
        agreed: agreed && (consent === null || yes.has(read(consent).toLowerCase())),
      },
    };
  };
}

type ReadTags = { tags: string[] } | { reason: string };

function tagReader(always: string[]) {
  const known = new Map<string, ReadTags>();
  return (text: string): ReadTags => {
    let result = known.get(text);
    if (!result) {
      if (known.size >= MAX_REMEMBERED_TAGS) known.clear();
      result = tagsOf(always, text);
      known.set(text, result);
    }
    return result;
  };
}

function tagsOf(always: string[], text: string): ReadTags {
  const tags = uniqueTags([...always, ...splitTags(text)].filter((tag) => tag !== ""));
  if (tags.length > MAX_TAGS) return { reason: `A contact can have at most ${MAX_TAGS} tags` };
  const bad = tags.find((tag) => !tagSchema.safeParse(tag).success);
  return bad ? { reason: `The tag “${bad.slice(0, 20)}…” is too long` } : { tags };
}

/** Needs no cleaning. */
const tidy = /^[!-&(-,.-~](?:[!-~]| (?! ))*$/;

/** One line, without what spreadsheets write for nothing. */
function clean(cell: string): string {
  if (cell === "" || (tidy.test(cell) && !cell.endsWith(" ") && cell.length > 4)) return cell;
  return readCell(cell)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
}
