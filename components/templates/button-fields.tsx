"use client";

import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import { useFormContext } from "react-hook-form";
import { buttonKinds } from "@/components/templates/button-kinds";
import { useProblems, useTemplateForm } from "@/components/templates/use-problems";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { TemplateForm, TemplateFormButton } from "@/lib/templates/form";
import { keysOf } from "@/lib/templates/variables";

type Props = {
  index: number;
  type: TemplateFormButton["type"];
  isLast: boolean;
  onMove: (to: number) => void;
  onRemove: () => void;
};

export function ButtonFields({ index, type, isLast, onMove, onRemove }: Props) {
  const { register } = useFormContext<TemplateForm>();
  const { problemOf } = useProblems();
  const url = useTemplateForm().buttons[index]?.url ?? "";
  const kind = buttonKinds.find((candidate) => candidate.type === type)?.label ?? "Button";
  const name = `button ${index + 1}`;
  return (
    <li className="grid gap-3 rounded-md border bg-background/60 p-4">
      <div className="flex items-center justify-between gap-2">
        <p className="font-medium text-sm">
          {index + 1}. {kind}
        </p>
        <div className="flex">
          <Button
            variant="ghost"
            size="icon"
            aria-label={`Move ${name} up`}
            disabled={index === 0}
            onClick={() => onMove(index - 1)}
          >
            <ArrowUp aria-hidden />
          </Button>
          <Button
            variant="ghost"
            size="icon"
            aria-label={`Move ${name} down`}
            disabled={isLast}
            onClick={() => onMove(index + 1)}
          >
            <ArrowDown aria-hidden />
          </Button>
          <Button variant="ghost" size="icon" aria-label={`Remove ${name}`} onClick={onRemove}>
            <Trash2 aria-hidden />
          </Button>
        </div>
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        {type !== "COPY_CODE" && (
          <Field label="Text on the button" error={problemOf(`buttons.${index}.text`)}>
            <Input
              placeholder={type === "QUICK_REPLY" ? "Stop offers" : ""}
              {...register(`buttons.${index}.text`)}
            />
          </Field>
        )}
        {type === "URL" && (
          <Field
            label="Address"
            hint={`Put {{1}} at the end for a part that differs from person to person.`}
            error={problemOf(`buttons.${index}.url`)}
          >
            <Input
              type="url"
              placeholder="https://example.com/offers"
              {...register(`buttons.${index}.url`)}
            />
          </Field>
        )}
        {type === "URL" && keysOf(url).length > 0 && (
          <Field label="Example for {{1}}" error={problemOf(`buttons.${index}.example`)}>
            <Input placeholder="spring" {...register(`buttons.${index}.example`)} />
          </Field>
        )}
        {type === "PHONE_NUMBER" && (
          <Field
            label="Phone number"
            hint="With country code."
            error={problemOf(`buttons.${index}.phone_number`)}
          >
            <Input type="tel" placeholder="+15551234567" {...register(`buttons.${index}.phone_number`)} />
          </Field>
        )}
        {type === "COPY_CODE" && (
          <Field
            label="Example code"
            hint="WhatsApp writes “Copy offer code” on it. The campaign gives the real code."
            error={problemOf(`buttons.${index}.example`)}
          >
            <Input placeholder="SPRING25" {...register(`buttons.${index}.example`)} />
          </Field>
        )}
      </div>
    </li>
  );
}
