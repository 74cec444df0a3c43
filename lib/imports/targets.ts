import type { GuessedMapping } from "@/lib/imports/mapping";
import type { Mapping } from "@/lib/imports/schema";

export const builtInFields = ["phone", "name", "firstName", "lastName", "email", "tags", "consent"] as const;
export type BuiltInField = (typeof builtInFields)[number];

/** What one column is for; `key` names the custom field and is kept while something else is chosen. */
export type Target = { field: BuiltInField | "custom" | "ignore"; key: string };

/** A mapping seen from the columns, as the form shows it. */
export function toTargets(columns: string[], mapping: GuessedMapping): Target[] {
  return columns.map((column) => {
    const key = mapping.custom[column] ?? "";
    const field = builtInFields.find((name) => mapping[name] === column) ?? (key ? "custom" : "ignore");
    return { field, key: key || column.slice(0, 40) };
  });
}

/** A built-in field comes from one column only: whoever had it before is ignored from now on. */
export function assign(targets: Target[], index: number, field: Target["field"]): Target[] {
  return targets.map((target, position) => {
    if (position === index) return { ...target, field };
    const isTaken = target.field === field && field !== "custom" && field !== "ignore";
    return isTaken ? { ...target, field: "ignore" } : target;
  });
}

/** Null while no column has the phone numbers. */
export function toMapping(columns: string[], targets: Target[]): Mapping | null {
  const columnOf = (field: BuiltInField) => columns[targets.findIndex((target) => target.field === field)];
  const phone = columnOf("phone");
  if (phone === undefined) return null;
  const others = builtInFields
    .map((field) => [field, columnOf(field)] as const)
    .filter(([, column]) => column !== undefined);
  const custom = columns.flatMap((column, index) => {
    const target = targets[index];
    return target?.field === "custom" ? [[column, target.key.trim()]] : [];
  });
  return { ...Object.fromEntries(others), phone, custom: Object.fromEntries(custom) };
}
