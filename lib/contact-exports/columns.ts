import { joinTags } from "@/lib/contacts/tags";
import { escapeNothing, rejectionColumns } from "@/lib/imports/csv";

export type ExportedContact = {
  id: string;
  phone: string | null;
  name: string | null;
  email: string | null;
  tags: string[];
  optedIn: boolean;
  metadata: Record<string, string>;
};

/** The names by which an import knows the columns again. */
const builtIn = ["Phone", "Name", "Email", "Tags", "Opted in"] as const;

/** The header of an export without what the file of its rejected rows has before it; null for any other file. */
export function exportedHeader(header: string[]) {
  const columns = header.filter((column) => !rejectionColumns.includes(column));
  const isOurs = builtIn.every((column, index) => columns[index] === column);
  return isOurs ? { builtIn, fields: columns.slice(builtIn.length) } : null;
}

/** Custom fields are columns of their own. */
export const headerOf = (fields: string[]): string[] => [...builtIn, ...fields];

export const rowOf = ({ phone, name, email, tags, optedIn, metadata }: ExportedContact, fields: string[]) => [
  ...[phone ?? "", name ?? "", email ?? "", joinTags(tags)].map(escapeNothing),
  optedIn ? "yes" : "no",
  ...fields.map((field) => escapeNothing(Object.hasOwn(metadata, field) ? (metadata[field] ?? "") : "")),
];
