import { exportedHeader } from "@/lib/contact-exports/columns";
import { normalizePhone } from "@/lib/contacts/phone";
import { fieldKeySchema } from "@/lib/contacts/schema";
import { type ColumnMeaning, meaningOf, simplify } from "@/lib/imports/column-names";
import { rejectionColumns, unescapeFormula } from "@/lib/imports/csv";
import type { ImportOptions, Mapping } from "@/lib/imports/schema";

/** A mapping whose phone column may still have to be chosen. */
export type GuessedMapping = Omit<Mapping, "phone"> & { phone: string | null };

const share = <Value>(values: Value[], isOne: (value: Value) => boolean): number =>
  values.length === 0 ? 0 : values.filter(isOne).length / values.length;

/** Reads the mapping off the names of the columns and, where they say nothing, off what is in them. */
export function guessMapping(columns: string[], rows: string[][], defaultCountry: string): GuessedMapping {
  const values = new Map(
    columns.map((column, index) => [column, rows.map((cells) => cells[index]?.trim() ?? "").filter(Boolean)]),
  );
  const phoneShare = (column: string) =>
    share(values.get(column) ?? [], (value) => "phone" in normalizePhone(value, defaultCountry));
  const emailShare = (column: string) =>
    share(values.get(column) ?? [], (value) => /^\S+@\S+\.\S+$/.test(value));
  const named = (field: ColumnMeaning) => columns.filter((column) => meaningOf(column) === field);
  const best = (candidates: string[], score: (column: string) => number) =>
    candidates.reduce<string | null>(
      (top, column) => (top && score(top) >= score(column) ? top : column),
      null,
    );

  const phone =
    best(named("phone"), phoneShare) ??
    best(
      columns.filter((column) => phoneShare(column) >= 0.5),
      phoneShare,
    );
  const free = (column: string) => column !== phone;
  const first = (field: ColumnMeaning) => named(field).find(free);
  const email = first("email") ?? columns.find((column) => free(column) && emailShare(column) >= 0.5);
  const people = guessNames(rows, columns, {
    name: first("name"),
    firstName: first("firstName"),
    lastName: first("lastName"),
  });
  const tags = first("tags");
  const consent = first("consent");

  const builtIn = new Set<string | null | undefined>([
    ...rejectionColumns,
    phone,
    email,
    tags,
    consent,
    ...Object.values(people),
  ]);
  const rest = columns.filter((column) => !builtIn.has(column) && (values.get(column)?.length ?? 0) > 0);
  return {
    phone,
    ...withoutGaps({ ...people, email, tags, consent }),
    custom: nameFields(rest),
  };
}

type Names = { name?: string | undefined; firstName?: string | undefined; lastName?: string | undefined };

/** "Name" beside "Surname" is a first name; beside "First name" it is the surname, or else it has the first name in it. */
function guessNames(rows: string[][], columns: string[], { name, firstName, lastName }: Names): Names {
  if (!name || lastName) return { firstName: firstName ?? name, lastName };
  if (!firstName) return { name };
  const [whole, given] = [columns.indexOf(name), columns.indexOf(firstName)];
  const hasBoth = share(
    rows
      .map((cells) => [cells[whole]?.trim() ?? "", cells[given]?.trim() ?? ""])
      .filter(([one, other]) => one && other),
    ([one = "", other = ""]) => one.toLowerCase().includes(other.toLowerCase()),
  );
  return hasBoth >= 0.5 ? { name } : { firstName, lastName: name };
}

const withoutGaps = <T extends Record<string, string | undefined>>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: string;
  };

/** "Last order" becomes `last_order`; a name that is taken or reserved gets a number. */
function nameFields(columns: string[]): Record<string, string> {
  const taken = new Set<string>();
  return Object.fromEntries(
    columns.map((column) => {
      const base =
        column
          .toLowerCase()
          .replace(/[^\p{L}\p{M}\p{N}]+/gu, "_")
          .replace(/^_+|_+$/g, "")
          .slice(0, 36) || "field";
      let key = base;
      for (let copy = 2; taken.has(key) || !fieldKeySchema.safeParse(key).success; copy++)
        key = `${base}_${copy}`;
      taken.add(key);
      return [column, key];
    }),
  );
}

/** Of a file that was exported here: custom fields keep their names, whether the first rows have them or not. */
export function exportedMapping(columns: string[]): Mapping | null {
  const header = exportedHeader(columns);
  if (!header) return null;
  const [phone, name, email, tags, consent] = header.builtIn;
  const custom = Object.fromEntries(header.fields.map((column) => [column, unescapeFormula(column)]));
  return { phone, name, email, tags, consent, custom };
}

/** So much of what two files have must be in both for the one to be read like the other. */
const ALIKE = 0.5;
const nameless = /^Column \d+$/;

/**
 * As it was chosen for an earlier file with such columns; what that one did not have is guessed. Null when the two have
 * little in common, or when the numbers are somewhere else this time.
 */
export function recallMapping(
  columns: string[],
  rows: string[][],
  past: Pick<ImportOptions, "columns" | "mapping" | "defaultCountry">,
): GuessedMapping | null {
  const bySimpleName = new Map(columns.map((column) => [simplify(column), column]));
  const find = (column: string | undefined) =>
    column === undefined || columns.includes(column) ? column : bySimpleName.get(simplify(column));
  const known = new Set(past.columns.map(find).filter((column) => column !== undefined));
  const phone = find(past.mapping.phone);
  const isAlike = known.size >= ALIKE * Math.max(columns.length, past.columns.length);
  // Without names nothing but their number and what is in them tells columns apart.
  const mayDiffer =
    columns.some((column) => !nameless.test(column)) || columns.length === past.columns.length;
  if (phone === undefined || !isAlike || !mayDiffer) return null;

  const guess = guessMapping(columns, rows, past.defaultCountry);
  if (guess.phone !== phone && guess.phone !== null && !hasPhones(columns, rows, phone, past.defaultCountry))
    return null;

  const { phone: _, custom, ...fields } = past.mapping;
  const { phone: _guessed, custom: guessedCustom, ...guessedFields } = guess;
  const isNew = (column: string | undefined) => column !== undefined && !known.has(column);
  const recalled = Object.entries(custom).flatMap(([column, key]) => {
    const here = find(column);
    return here === undefined ? [] : [[here, key] as const];
  });
  const keys = new Set(recalled.map(([, key]) => key));
  const added = Object.entries(guessedCustom).filter(([column, key]) => isNew(column) && !keys.has(key));
  return {
    phone,
    ...Object.fromEntries(Object.entries(guessedFields).filter(([, column]) => isNew(column))),
    ...withoutGaps(
      Object.fromEntries(Object.entries(fields).map(([field, column]) => [field, find(column)])),
    ),
    custom: Object.fromEntries([...recalled, ...added]),
  };
}

function hasPhones(columns: string[], rows: string[][], column: string, defaultCountry: string): boolean {
  const at = columns.indexOf(column);
  const values = rows.map((cells) => cells[at]?.trim() ?? "").filter(Boolean);
  return share(values, (value) => "phone" in normalizePhone(value, defaultCountry)) >= ALIKE;
}
