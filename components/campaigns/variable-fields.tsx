"use client";

import { useFormContext, useWatch } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { type CampaignForm, PLAIN_TEXT } from "@/lib/campaigns/form";
import { builtInFieldNames, customField, fieldLabel } from "@/lib/campaigns/words";
import type { TemplateVariable } from "@/lib/templates/variables";

type Props = { variables: TemplateVariable[]; customFields: string[] };

export function VariableFields({ variables, customFields }: Props) {
  return (
    <fieldset className="grid min-w-0 gap-4">
      <legend className="mb-1 font-medium text-sm">What takes the place of the variables</legend>
      {variables.map((variable, index) => (
        <VariableField
          // biome-ignore lint/suspicious/noArrayIndexKey: fields that change places must not keep each other's values
          key={`${index} ${variableLabel(variable)}`}
          variable={variable}
          index={index}
          customFields={customFields}
        />
      ))}
    </fieldset>
  );
}

type FieldProps = { variable: TemplateVariable; index: number; customFields: string[] };

function VariableField({ variable, index, customFields }: FieldProps) {
  const { register, formState } = useFormContext<CampaignForm>();
  const source = useWatch<CampaignForm, `parameters.${number}.source`>({
    name: `parameters.${index}.source`,
  });
  const errors = formState.errors.parameters?.[index];
  const label = variableLabel(variable);
  const known = new Set([...builtInFieldNames, ...customFields.map(customField)]);
  const isUnknown = source !== undefined && source !== "" && source !== PLAIN_TEXT && !known.has(source);
  const isText = source === PLAIN_TEXT;

  return (
    <div className="grid gap-3 rounded-md border bg-background/60 p-3 sm:grid-cols-2">
      <Field label={label} error={errors?.source?.message}>
        <Select {...register(`parameters.${index}.source`)}>
          <option value="">Choose what goes here…</option>
          <option value={PLAIN_TEXT}>The same text for everybody</option>
          <optgroup label="From the contact">
            {builtInFieldNames.map((field) => (
              <option key={field} value={field}>
                {fieldLabel(field)}
              </option>
            ))}
          </optgroup>
          {(customFields.length > 0 || isUnknown) && (
            <optgroup label="Your own fields">
              {customFields.map((key) => (
                <option key={key} value={customField(key)}>
                  {key}
                </option>
              ))}
              {isUnknown && <option value={source}>{fieldLabel(source)} (nobody has it)</option>}
            </optgroup>
          )}
        </Select>
      </Field>
      {source && (
        <Field
          label={isText ? "Text" : `Instead, where it is missing`}
          hint={isText ? undefined : "WhatsApp refuses empty values."}
          error={errors?.value?.message}
        >
          <Input
            maxLength={1024}
            autoComplete="off"
            aria-label={isText ? `Text for ${label}` : `Instead of ${label}, where it is missing`}
            placeholder={isText ? variable.example : "there"}
            {...register(`parameters.${index}.value`)}
          />
        </Field>
      )}
    </div>
  );
}

/** What a variable is called beside the field for its value. */
export function variableLabel({ component, key, buttonIndex = 0 }: TemplateVariable): string {
  if (component === "body") return `{{${key}}}`;
  if (component === "header") return `{{${key}}} in the header`;
  return key === "code" ? "Code of the copy button" : `{{${key}}} in the link of button ${buttonIndex + 1}`;
}
