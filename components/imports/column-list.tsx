"use client";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { assign, type Target } from "@/lib/imports/targets";

const fieldNames: Record<Target["field"], string> = {
  phone: "Phone number",
  name: "Name",
  firstName: "First name",
  lastName: "Last name",
  email: "E-mail",
  tags: "Tags",
  consent: "Whether they agreed (yes or no)",
  custom: "Custom field",
  ignore: "Do not import",
};

type Props = {
  columns: string[];
  rows: string[][];
  targets: Target[];
  onChange: (targets: Target[]) => void;
  /** What is wrong with the name of a custom field, by column. */
  errors: (string | undefined)[];
};

/** Every column of the file with examples, and what it is to become. */
export function ColumnList({ columns, rows, targets, onChange, errors }: Props) {
  return (
    <ul className="grid divide-y">
      {columns.map((column, index) => {
        const target = targets[index];
        const examples = rows.map((cells) => cells[index]?.trim()).filter(Boolean);
        return (
          target && (
            <li
              key={column}
              className="grid gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)]"
            >
              <div className="min-w-0">
                <p className="truncate font-medium text-sm">{column}</p>
                <p className="truncate text-muted-foreground text-xs">
                  {examples.length > 0 ? examples.slice(0, 3).join(" · ") : "No values in the first rows"}
                </p>
              </div>
              <div className="grid content-start gap-2 sm:grid-cols-2">
                <Field hideLabel label={`Column ${column} is`}>
                  <Select
                    value={target.field}
                    onChange={({ target: { value } }) =>
                      onChange(assign(targets, index, value as Target["field"]))
                    }
                  >
                    {Object.entries(fieldNames).map(([field, name]) => (
                      <option key={field} value={field}>
                        {name}
                      </option>
                    ))}
                  </Select>
                </Field>
                {target.field === "custom" && (
                  <Field hideLabel label={`Name of the custom field for ${column}`} error={errors[index]}>
                    <Input
                      value={target.key}
                      maxLength={40}
                      onChange={({ target: { value } }) =>
                        onChange(
                          targets.map((other, position) =>
                            position === index ? { ...other, key: value } : other,
                          ),
                        )
                      }
                    />
                  </Field>
                )}
              </div>
            </li>
          )
        );
      })}
    </ul>
  );
}
