"use client";

import { Braces } from "lucide-react";
import { useRef } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { keyOfField } from "@/lib/campaigns/content";
import type { CampaignForm } from "@/lib/campaigns/form";
import { formatNumber } from "@/lib/campaigns/numbers";
import { MAX_CAPTION, MAX_TEXT } from "@/lib/campaigns/schema";
import { builtInFieldNames, customField, fieldLabel } from "@/lib/campaigns/words";
import { keysOf } from "@/lib/templates/variables";

type Props = {
  customFields: string[];
  onChange: (text: string) => void;
  /** A field of the contact was put into the text as this variable. */
  onInsert: (text: string, key: string, field: string) => void;
};

/** A free text with its counter, and a menu that writes variables at the cursor. */
export function TextField({ customFields, onChange, onInsert }: Props) {
  const { register, setValue, clearErrors, formState } = useFormContext<CampaignForm>();
  const { text, media, parameters } = useWatch<CampaignForm>() as CampaignForm;
  const control = useRef<HTMLTextAreaElement>(null);
  const cursor = useRef<number | null>(null);
  const { ref, ...field } = register("text", { onChange: ({ target }) => onChange(target.value) });

  const insert = (contactField: string) => {
    const keys = keysOf(text);
    const known = keys.find((_, index) => parameters[index]?.source === contactField);
    const key = known ?? keyOfField(contactField, keys);
    const start = control.current?.selectionStart ?? text.length;
    const end = control.current?.selectionEnd ?? start;
    const variable = `{{${key}}}`;
    const next = text.slice(0, start) + variable + text.slice(end);
    setValue("text", next, { shouldDirty: true });
    clearErrors("text");
    onInsert(next, key, contactField);
    cursor.current = start + variable.length;
  };
  /** Back to the text after something was inserted; to the menu's button otherwise. */
  const refocus = (event: Event) => {
    if (cursor.current === null) return;
    event.preventDefault();
    control.current?.focus();
    control.current?.setSelectionRange(cursor.current, cursor.current);
    cursor.current = null;
  };

  const limit = media ? MAX_CAPTION : MAX_TEXT;
  return (
    <div className="grid gap-1.5">
      <Field
        label="Text"
        optional={media !== null}
        hint="Formatting works as in WhatsApp: *bold*, _italic_, ~strikethrough~."
        error={formState.errors.text?.message}
      >
        <Textarea
          rows={6}
          placeholder="Hi {{first_name}}, thank you for your message."
          {...field}
          ref={(element) => {
            control.current = element;
            ref(element);
          }}
        />
      </Field>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button variant="secondary" size="sm">
              <Braces aria-hidden />
              Insert variable
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="start" onCloseAutoFocus={refocus} className="max-h-72 overflow-y-auto">
            {[...builtInFieldNames, ...customFields.map(customField)].map((each) => (
              <DropdownMenuItem key={each} onSelect={() => insert(each)}>
                {fieldLabel(each)}
              </DropdownMenuItem>
            ))}
          </DropdownMenuContent>
        </DropdownMenu>
        <p
          className={`text-xs tabular-nums ${text.length > limit ? "font-medium text-danger" : "text-muted-foreground"}`}
        >
          {formatNumber(text.length)} of {formatNumber(limit)}
          <span className="sr-only"> characters</span>
        </p>
      </div>
    </div>
  );
}
