"use client";

import { useRef } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { AttachmentField } from "@/components/campaigns/attachment-field";
import { TemplateField } from "@/components/campaigns/template-field";
import { TextField } from "@/components/campaigns/text-field";
import { VariableFields } from "@/components/campaigns/variable-fields";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { componentsOf } from "@/lib/campaigns/content";
import { type CampaignForm, emptyParameter, type ParameterForm } from "@/lib/campaigns/form";
import type { MediaKind } from "@/lib/media/schema";
import type { Template } from "@/lib/templates/schema";
import { headerMediaOf, slot, type TemplateVariable, variablesOf } from "@/lib/templates/variables";

type Props = { templates: Template[]; customFields: string[] };
type Choice = Pick<CampaignForm, "messageType" | "templateId" | "text">;
type Slot = Pick<TemplateVariable, "component" | "key">;

/** What is sent, and what takes the place of its variables. */
export function MessageCard({ templates, customFields }: Props) {
  const { register, setValue, getValues } = useFormContext<CampaignForm>();
  const { messageType, templateId, text } = useWatch<CampaignForm>() as CampaignForm;
  const choice = { messageType, templateId, text };
  const componentsIn = ({ messageType, templateId, text }: Choice) =>
    componentsOf({ messageType, text, template: templates.find(({ id }) => id === templateId) });
  const kindsIn = (next: Choice): MediaKind[] => {
    if (next.messageType === "text") return ["image", "document"];
    const kind = headerMediaOf(componentsIn(next));
    return kind ? [kind] : [];
  };
  const nameIn = ({ messageType, templateId }: Choice, variable: Slot) =>
    `${messageType === "text" ? "text" : templateId} ${slot(variable)}`;

  /** What was filled in for each variable, for whoever comes back to it. */
  const filledIn = useRef(new Map<string, ParameterForm>());
  const change = (changes: Partial<Choice>) => {
    const next = { ...choice, ...changes };
    const parameters = getValues("parameters");
    for (const [index, variable] of variablesOf(componentsIn(choice)).entries()) {
      const parameter = parameters[index];
      if (parameter) filledIn.current.set(nameIn(choice, variable), { ...parameter });
    }
    setValue(
      "parameters",
      variablesOf(componentsIn(next)).map(
        (variable) => filledIn.current.get(nameIn(next, variable)) ?? emptyParameter(variable),
      ),
    );
    const file = getValues("media");
    if (file && !kindsIn(next).includes(file.kind)) setValue("media", null);
  };
  const insert = (next: string, key: string, field: string) => {
    const name = nameIn(choice, { component: "body", key });
    if (!filledIn.current.has(name)) filledIn.current.set(name, { source: field, value: "" });
    change({ text: next });
  };

  const variables = variablesOf(componentsIn(choice));
  const kinds = kindsIn(choice);
  const isText = messageType === "text";
  return (
    <Card>
      <CardHeader>
        <CardTitle>2. Message</CardTitle>
      </CardHeader>
      <CardContent className="grid gap-5">
        <RadioGroup legend="What do you send?" className="sm:grid-cols-2">
          <RadioItem
            value="template"
            label="A template"
            description="WhatsApp approved it, so everybody in the audience may get it at any time."
            {...register("messageType", { onChange: () => change({ messageType: "template" }) })}
          />
          <RadioItem
            value="text"
            label="A text, without approval"
            description="Only for people who wrote to you in the last 24 hours. WhatsApp allows it to nobody else; they are skipped."
            {...register("messageType", { onChange: () => change({ messageType: "text" }) })}
          />
        </RadioGroup>
        {isText ? (
          <TextField
            customFields={customFields}
            onChange={(next) => change({ text: next })}
            onInsert={insert}
          />
        ) : (
          <TemplateField templates={templates} onChange={(next) => change({ templateId: next })} />
        )}
        {kinds.length > 0 && (
          <AttachmentField
            key={kinds.join()}
            kinds={kinds}
            label={isText ? "Attachment" : "File in the header"}
            optional={isText}
          />
        )}
        {variables.length > 0 && <VariableFields variables={variables} customFields={customFields} />}
      </CardContent>
    </Card>
  );
}
