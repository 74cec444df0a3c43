"use client";

import Link from "next/link";
import { useFormContext, useWatch } from "react-hook-form";
import { Alert } from "@/components/ui/alert";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { CampaignForm } from "@/lib/campaigns/form";
import { languageName } from "@/lib/templates/languages";
import type { Template } from "@/lib/templates/schema";
import { statusWords } from "@/lib/templates/status";
import { obstacleOf } from "@/lib/templates/variables";

type Props = { templates: Template[]; onChange: (templateId: string) => void };

/** Which template. */
export function TemplateField({ templates, onChange }: Props) {
  const { register, formState } = useFormContext<CampaignForm>();
  const templateId = useWatch<CampaignForm, "templateId">({ name: "templateId" });
  const template = templates.find(({ id }) => id === templateId);
  const obstacle = template && obstacleOf(template.components);
  const link = (
    <Link href="/templates" className="text-primary underline underline-offset-4">
      See all templates
    </Link>
  );
  return (
    <>
      {templates.length === 0 && (
        <Alert tone="info" title="There is no approved template yet">
          Write one, submit it, and come back when it is approved; that usually takes minutes. {link}
        </Alert>
      )}
      <Field
        label="Template"
        hint={templates.length > 0 && <>Only what WhatsApp approved can be sent to many people. {link}</>}
        error={formState.errors.templateId?.message ?? obstacle ?? undefined}
        className="max-w-md"
      >
        <Select {...register("templateId", { onChange: ({ target }) => onChange(target.value) })}>
          <option value="">Choose a template…</option>
          {templates.map((each) => (
            <option key={each.id} value={each.id}>
              {labelOf(each)}
            </option>
          ))}
        </Select>
      </Field>
    </>
  );
}

function labelOf({ name, language, status }: Template): string {
  const label = `${name} · ${languageName(language)}`;
  return status === "approved" ? label : `${label} (${statusWords[status].label.toLowerCase()})`;
}
