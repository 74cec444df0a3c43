"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { PeriodFields } from "@/components/contacts/period-fields";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { TagInput } from "@/components/ui/tag-input";
import { type FilterOptions, filterOptionsQuery } from "@/lib/contact-filters/queries";
import { type Condition, conditionSchema } from "@/lib/contact-filters/schema";
import { consentWords, sourceWords } from "@/lib/contact-filters/words";

const kinds = {
  tags: "Tags",
  consent: "Consent",
  last_reply: "When they last wrote",
  last_message: "When you last wrote to them",
  created: "When they were added",
  campaign: "A campaign",
  custom: "A custom field",
  calling_code: "Country of the number",
  source: "How they came here",
  blocked: "Blocked",
} as const;
type Kind = keyof typeof kinds;

const starts: Record<Kind, Record<string, unknown>> = {
  tags: { match: "any", tags: [] },
  consent: { is: "in" },
  last_reply: { period: { when: "within", days: 30 } },
  last_message: { period: { when: "not_within", days: 30 } },
  created: { period: { when: "within", days: 30 } },
  campaign: { did: "got", campaignId: "" },
  custom: { key: "", match: "equals", value: "" },
  calling_code: { codes: [] },
  source: { sources: ["manual"] },
  blocked: { is: true },
};

const isKind = (field: string | undefined): field is Kind => field !== undefined && field in kinds;

type Props = { condition?: Condition | undefined; onSubmit: (condition: Condition) => void };

/** One condition of a filter. What is not complete is said beside its field. */
export function ConditionForm({ condition, onSubmit }: Props) {
  const [kind, setKind] = useState<Kind>(isKind(condition?.field) ? condition.field : "tags");
  const [draft, setDraft] = useState<Record<string, unknown>>(condition ?? starts.tags);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const { data: options, error } = useQuery(filterOptionsQuery);
  const change = (values: Record<string, unknown>) => setDraft((now) => ({ ...now, ...values }));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Inside of another form, such as a segment's, this one alone is sent.
    event.stopPropagation();
    const parsed = conditionSchema.safeParse({ ...draft, field: kind });
    if (parsed.success) onSubmit(parsed.data);
    else
      setErrors(
        Object.fromEntries(parsed.error.issues.map(({ path, message }) => [String(path[0]), message])),
      );
  };

  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <Field label="What about">
        <Select
          value={kind}
          onChange={(event) => {
            const next = event.target.value as Kind;
            setKind(next);
            setDraft(starts[next]);
            setErrors({});
          }}
        >
          {Object.entries(kinds).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      <Details kind={kind} draft={draft} errors={errors} options={options} onChange={change} />
      {error && !options && (
        <Alert tone="danger" announce>
          What may be chosen could not be loaded. {error.message}
        </Alert>
      )}
      <DialogFooter>
        <Button type="submit">{condition ? "Change condition" : "Add condition"}</Button>
      </DialogFooter>
    </form>
  );
}

type DetailsProps = {
  kind: Kind;
  draft: Record<string, unknown>;
  errors: Record<string, string>;
  options: FilterOptions | undefined;
  onChange: (values: Record<string, unknown>) => void;
};

function Details({ kind, draft, errors, options, onChange }: DetailsProps) {
  const text = (name: string) => String(draft[name] ?? "");
  const list = (name: string) => (Array.isArray(draft[name]) ? (draft[name] as string[]) : []);
  switch (kind) {
    case "tags":
      return (
        <>
          <Field label="Which of them">
            <Select value={text("match")} onChange={(event) => onChange({ match: event.target.value })}>
              <option value="any">Any of these tags</option>
              <option value="all">All of these tags</option>
              <option value="none">None of these tags</option>
            </Select>
          </Field>
          <Field label="Tags" error={errors.tags}>
            <TagInput
              value={list("tags")}
              onChange={(tags) => onChange({ tags })}
              suggestions={options?.tags.map(({ tag }) => tag)}
            />
          </Field>
        </>
      );
    case "consent":
      return (
        <Field label="They are">
          <Select value={text("is")} onChange={(event) => onChange({ is: event.target.value })}>
            {Object.entries(consentWords).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
      );
    case "blocked":
      return (
        <Field label="They are">
          <Select
            value={draft.is === false ? "no" : "yes"}
            onChange={(event) => onChange({ is: event.target.value === "yes" })}
          >
            <option value="yes">blocked</option>
            <option value="no">not blocked</option>
          </Select>
        </Field>
      );
    case "source":
      return (
        <Field label="They were" error={errors.sources}>
          <Select
            value={list("sources")[0]}
            onChange={(event) => onChange({ sources: [event.target.value] })}
          >
            {Object.entries(sourceWords).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
      );
    case "calling_code":
      return (
        <Field
          label="Country"
          error={errors.codes}
          hint="Countries that share a calling code cannot be told apart by it."
        >
          <Select
            value={list("codes")[0] ?? ""}
            onChange={(event) => onChange({ codes: [event.target.value] })}
          >
            <option value="" disabled>
              Choose a country
            </option>
            {options?.callingCodes.map(({ code, label }) => (
              <option key={code} value={code}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
      );
    case "campaign":
      return (
        <>
          <Field label="They">
            <Select value={text("did")} onChange={(event) => onChange({ did: event.target.value })}>
              <option value="got">got it</option>
              <option value="not_got">did not get it</option>
              <option value="replied">have written since they got it</option>
              <option value="not_replied">got it and have not written since, or did not get it</option>
            </Select>
          </Field>
          <Field label="Campaign" error={errors.campaignId}>
            <Select
              value={text("campaignId")}
              onChange={(event) => onChange({ campaignId: event.target.value })}
            >
              <option value="" disabled>
                {options?.campaigns.length === 0 ? "No campaign has started yet" : "Choose a campaign"}
              </option>
              {options?.campaigns.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
        </>
      );
    case "custom": {
      const isAsked = draft.match === "equals" || draft.match === "contains";
      return (
        <>
          <Field label="Field" error={errors.key}>
            <Select value={text("key")} onChange={(event) => onChange({ key: event.target.value })}>
              <option value="" disabled>
                {options?.fields.length === 0 ? "No contact has a custom field" : "Choose a field"}
              </option>
              {options?.fields.map((field) => (
                <option key={field} value={field}>
                  {field}
                </option>
              ))}
            </Select>
          </Field>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="It">
              <Select value={text("match")} onChange={(event) => onChange({ match: event.target.value })}>
                <option value="equals">is exactly</option>
                <option value="contains">contains</option>
                <option value="exists">has any value</option>
                <option value="missing">is missing</option>
              </Select>
            </Field>
            {isAsked && (
              <Field label="Value" error={errors.value}>
                <Input
                  value={text("value")}
                  maxLength={200}
                  onChange={(event) => onChange({ value: event.target.value })}
                />
              </Field>
            )}
          </div>
        </>
      );
    }
    default:
      return (
        <PeriodFields
          period={draft.period}
          error={errors.period}
          onChange={(period) => onChange({ period })}
        />
      );
  }
}
