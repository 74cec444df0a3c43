import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";

type Props = {
  period: unknown;
  error: string | undefined;
  onChange: (period: Record<string, unknown>) => void;
};

const today = () => new Date().toISOString().slice(0, 10);

/** The last so many days, longer ago than that, or between two days of the account's time zone. */
export function PeriodFields({ period, error, onChange }: Props) {
  const { when = "within", days, from, to } = (period ?? {}) as Record<string, unknown>;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="When">
        <Select
          value={String(when)}
          onChange={({ target }) =>
            onChange(
              target.value === "between"
                ? { when: "between", from: today(), to: null }
                : { when: target.value, days: typeof days === "number" ? days : 30 },
            )
          }
        >
          <option value="within">in the last</option>
          <option value="not_within">not in the last</option>
          <option value="between">between two days</option>
        </Select>
      </Field>
      {when === "between" ? (
        <div className="grid grid-cols-2 gap-3">
          <Field label="From" optional error={error}>
            <Input
              type="date"
              value={String(from ?? "")}
              onChange={({ target }) => onChange({ when, from: target.value || null, to: to ?? null })}
            />
          </Field>
          <Field label="To" optional>
            <Input
              type="date"
              value={String(to ?? "")}
              onChange={({ target }) => onChange({ when, from: from ?? null, to: target.value || null })}
            />
          </Field>
        </div>
      ) : (
        <Field label="Days" error={error && "Enter 1 to 3,650 days"}>
          <Input
            type="number"
            min={1}
            max={3650}
            value={Number.isFinite(days) ? String(days) : ""}
            onChange={({ target }) => onChange({ when, days: target.valueAsNumber })}
          />
        </Field>
      )}
    </div>
  );
}
