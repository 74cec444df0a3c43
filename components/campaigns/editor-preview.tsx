"use client";

import { useState } from "react";
import { useWatch } from "react-hook-form";
import { useAudiencePreview } from "@/components/campaigns/use-audience-preview";
import { PhonePreview } from "@/components/templates/phone-preview";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { componentsOf } from "@/lib/campaigns/content";
import { type CampaignForm, toPreviewParameter } from "@/lib/campaigns/form";
import { placeholderOf } from "@/lib/campaigns/words";
import type { Template } from "@/lib/templates/schema";
import { renderComponents, variablesOf } from "@/lib/templates/variables";

type Props = { templates: Template[]; businessName: string };

/** The message as one of the first people in the audience would read it. */
export function EditorPreview({ templates, businessName }: Props) {
  const form = useWatch<CampaignForm>() as CampaignForm;
  const { data } = useAudiencePreview(form);
  const [personId, setPersonId] = useState("");
  const template = templates.find(({ id }) => id === form.templateId);
  const components = componentsOf({ ...form, template });
  const count = variablesOf(components).length;
  const samples = data?.samples ?? [];
  const person = samples.find(({ contactId }) => contactId === personId) ?? samples[0];
  const isUpToDate = person?.parameters.length === count;
  const values = isUpToDate ? person.parameters : form.parameters.map(toPreviewParameter).map(placeholderOf);

  return (
    <div className="grid gap-4">
      {samples.length > 0 && count > 0 && (
        <Field label="As it reads for" className="mx-auto w-full max-w-80">
          <Select value={person?.contactId ?? ""} onChange={({ target }) => setPersonId(target.value)}>
            {samples.map(({ contactId, name }, index) => (
              <option key={contactId} value={contactId}>
                {name || `Person ${index + 1}, without a name`}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <PhonePreview {...renderComponents(components, values, form.media)} businessName={businessName} />
    </div>
  );
}
