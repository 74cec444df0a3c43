"use client";

import { Bold, Braces, Italic, Strikethrough } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { useFormContext } from "react-hook-form";
import { useProblems, useTemplateForm } from "@/components/templates/use-problems";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import type { TemplateForm } from "@/lib/templates/form";
import { limits } from "@/lib/templates/limits";
import { keysOf } from "@/lib/templates/variables";

type Props = {
  name: "header" | "body" | "footer";
  label: string;
  hint: ReactNode;
  placeholder?: string | undefined;
  optional?: boolean | undefined;
};

/** The next number, or a name where the text uses names. */
function nextVariable(text: string): string {
  const keys = keysOf(text);
  const prefix = keys.some((key) => !/^\d+$/.test(key)) ? "variable_" : "";
  return `{{${prefix}${keys.length + 1}}}`;
}

/** A part of the message with its counter, and buttons that write at the cursor. */
export function TextField({ name, label, hint, placeholder, optional }: Props) {
  const { register, setValue } = useFormContext<TemplateForm>();
  const { problemOf, warningOf } = useProblems();
  const control = useRef<HTMLInputElement | HTMLTextAreaElement>(null);
  const text = useTemplateForm()[name];
  const { ref, ...field } = register(name);
  const attach = (element: HTMLInputElement | HTMLTextAreaElement | null) => {
    control.current = element;
    ref(element);
  };

  const write = (before: string, after = "") => {
    const element = control.current;
    if (!element) return;
    const start = element.selectionStart ?? element.value.length;
    const end = element.selectionEnd ?? start;
    const selected = element.value.slice(start, end);
    setValue(name, element.value.slice(0, start) + before + selected + after + element.value.slice(end), {
      shouldDirty: true,
    });
    element.focus();
    const cursor = start + before.length + selected.length + (selected ? after.length : 0);
    element.setSelectionRange(cursor, cursor);
  };

  const limit = limits[name];
  const warning = warningOf(name);
  return (
    <div className="grid gap-1.5">
      <Field label={label} optional={optional} hint={hint} error={problemOf(name)}>
        {name === "body" ? (
          <Textarea rows={7} placeholder={placeholder} {...field} ref={attach} />
        ) : (
          <Input placeholder={placeholder} {...field} ref={attach} />
        )}
      </Field>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <div className="flex flex-wrap items-center gap-1">
          {name !== "footer" && (
            <Button variant="secondary" size="sm" onClick={() => write(nextVariable(text))}>
              <Braces aria-hidden />
              Insert variable
              <span className="sr-only"> into the {name === "body" ? "message" : "header"}</span>
            </Button>
          )}
          {name === "body" && (
            <>
              <FormatButton icon={Bold} label="Bold" onClick={() => write("*", "*")} />
              <FormatButton icon={Italic} label="Italic" onClick={() => write("_", "_")} />
              <FormatButton icon={Strikethrough} label="Strikethrough" onClick={() => write("~", "~")} />
            </>
          )}
        </div>
        <p
          className={`text-xs tabular-nums ${text.length > limit ? "font-medium text-danger" : "text-muted-foreground"}`}
        >
          {text.length} of {limit}
          <span className="sr-only"> characters</span>
        </p>
      </div>
      {warning && <p className="text-warning text-xs">{warning}</p>}
    </div>
  );
}

type FormatButtonProps = { icon: typeof Bold; label: string; onClick: () => void };

function FormatButton({ icon: Icon, label, onClick }: FormatButtonProps) {
  return (
    <Button variant="ghost" size="sm" aria-label={label} title={label} onClick={onClick}>
      <Icon aria-hidden />
    </Button>
  );
}
