import { joinTags } from "@/lib/contacts/tags";
import { escapeNothing } from "@/lib/imports/csv";

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
const builtIn = ["Phone", "Name", "Email", "Tags", "Opted in"];

/** Custom fields are columns of their own. */
export const headerOf = (fields: string[]): string[] => [...builtIn, ...fields];

export const rowOf = ({ phone, name, email, tags, optedIn, metadata }: ExportedContact, fields: string[]) => [
  ...[phone ?? "", name ?? "", email ?? "", joinTags(tags)].map(escapeNothing),
  optedIn ? "yes" : "no",
  ...fields.map((field) => escapeNothing(metadata[field] ?? "")),
];
