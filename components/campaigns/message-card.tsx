"use client";

import Link from "next/link";
import { useRef } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { VariableFields } from "@/components/campaigns/variable-fields";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { type CampaignForm, emptyParameter, type ParameterForm } from "@/lib/campaigns/form";
import { languageName } from "@/lib/templates/languages";
import type { Template } from "@/lib/templates/schema";
import { statusWords } from "@/lib/templates/status";
import { obstacleOf, variablesOf } from "@/lib/templates/variables";

type Props = { templates: Template[]; customFields: string[] };

/** Which template, and what takes the place of its variables. */
export function MessageCard({ templates, customFields }: Props) {
  const { register, setValue, getValues, formState } = useFormContext<CampaignForm>();
  const { templateId } = useWatch<CampaignForm>();
  const template = templates.find(({ id }) => id === templateId);
  const variables = template ? variablesOf(template.components) : [];
  const obstacle = template && obstacleOf(template.components);

  /** What was filled in for each template, for whoever comes back to it. */
  const filledIn = useRef(new Map<string, ParameterForm[]>());
  const choose = (next: string) => {
    filledIn.current.set(templateId ?? "", getValues("parameters"));
    const chosen = templates.find(({ id }) => id === next);
    const parameters =
      filledIn.current.get(next) ?? variablesOf(chosen?.components ?? []).map(emptyParameter);
    setValue("parameters", parameters);
  };

  return (
    <Card>
      <CardHeader>
        <CardTitle>2. Message</CardTitle>
      </CardHeader>
      <CardContent className="grid gap-5">
        <Field
          label="Template"
          hint={
            <>
              Only what WhatsApp approved can be sent to many people.{" "}
              <Link href="/templates" className="text-primary underline underline-offset-4">
                See all templates
              </Link>
            </>
          }
          error={formState.errors.templateId?.message ?? obstacle ?? undefined}
          className="max-w-md"
        >
          <Select {...register("templateId", { onChange: ({ target }) => choose(target.value) })}>
            <option value="">Choose a template…</option>
            {templates.map((each) => (
              <option key={each.id} value={each.id}>
                {labelOf(each)}
              </option>
            ))}
          </Select>
        </Field>
        {variables.length > 0 && <VariableFields variables={variables} customFields={customFields} />}
      </CardContent>
    </Card>
  );
}

function labelOf({ name, language, status }: Template): string {
  const label = `${name} · ${languageName(language)}`;
  return status === "approved" ? label : `${label} (${statusWords[status].label.toLowerCase()})`;
}
