"use client";

import { Plus, X } from "lucide-react";
import { useId } from "react";
import { useFieldArray, useFormContext } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { ContactForm } from "@/lib/contacts/schema";

/** Names and values that campaigns can put into a message, such as a city. */
export function CustomFields({ suggestions }: { suggestions: string[] }) {
  const listId = useId();
  const { control, register, formState } = useFormContext<ContactForm>();
  const { fields, append, remove } = useFieldArray({ control, name: "fields" });
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1 font-medium text-sm">
        Custom fields <span className="ml-0.5 font-normal text-muted-foreground text-xs">(optional)</span>
      </legend>
      <p className="text-muted-foreground text-xs">
        A campaign can put them into its message, such as a city or a size.
      </p>
      <datalist id={listId}>
        {suggestions.map((key) => (
          <option key={key} value={key} />
        ))}
      </datalist>
      {fields.map(({ id }, index) => {
        const errors = formState.errors.fields?.[index];
        return (
          <div key={id} className="flex items-start gap-2">
            <Field
              hideLabel
              label={`Name of field ${index + 1}`}
              error={errors?.key?.message}
              className="flex-1"
            >
              <Input list={listId} placeholder="city" {...register(`fields.${index}.key`)} />
            </Field>
            <Field
              hideLabel
              label={`Value of field ${index + 1}`}
              error={errors?.value?.message}
              className="flex-1"
            >
              <Input placeholder="Pune" {...register(`fields.${index}.value`)} />
            </Field>
            <Button
              variant="ghost"
              size="icon"
              aria-label={`Remove field ${index + 1}`}
              onClick={() => remove(index)}
            >
              <X aria-hidden />
            </Button>
          </div>
        );
      })}
      <Button variant="secondary" size="sm" className="w-fit" onClick={() => append({ key: "", value: "" })}>
        <Plus aria-hidden />
        Add a field
      </Button>
    </fieldset>
  );
}
