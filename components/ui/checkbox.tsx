"use client";

import { Check, Minus } from "lucide-react";
import { type ComponentProps, useEffect, useId } from "react";
import { useFieldControl } from "@/components/ui/field";
import { cn } from "@/lib/utils";

type Props = Omit<ComponentProps<"input">, "type"> & { indeterminate?: boolean | undefined };

/** A native checkbox. Name it with `<Field inline>` or `aria-label`. */
export function Checkbox({ indeterminate = false, className, ...props }: Props) {
  const fallbackId = useId();
  const control = useFieldControl(props);
  const id = control.id ?? fallbackId;

  useEffect(() => {
    const input = document.getElementById(id);
    if (input instanceof HTMLInputElement) input.indeterminate = indeterminate;
  }, [id, indeterminate]);

  return (
    <span className={cn("relative mt-0.5 inline-grid size-4 shrink-0 place-items-center", className)}>
      <input
        {...control}
        id={id}
        type="checkbox"
        className="peer size-4 appearance-none rounded-sm border border-border-strong bg-surface transition-colors checked:border-primary checked:bg-primary indeterminate:border-primary indeterminate:bg-primary hover:border-foreground disabled:cursor-not-allowed disabled:opacity-50 aria-invalid:border-danger forced-colors:appearance-auto"
      />
      <Check
        aria-hidden
        strokeWidth={3}
        className="pointer-events-none absolute size-3 text-primary-foreground opacity-0 peer-checked:opacity-100 peer-indeterminate:opacity-0"
      />
      <Minus
        aria-hidden
        strokeWidth={3}
        className="pointer-events-none absolute size-3 text-primary-foreground opacity-0 peer-indeterminate:opacity-100"
      />
    </span>
  );
}
