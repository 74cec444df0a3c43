"use client";

import { CircleAlert } from "lucide-react";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "@/lib/utils";

type GroupProps = {
  legend: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  hideLegend?: boolean | undefined;
  className?: string | undefined;
  children: ReactNode;
};

export function RadioGroup({ legend, hint, error, hideLegend, className, children }: GroupProps) {
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return (
    <fieldset aria-describedby={describedBy} className="min-w-0">
      <legend className={cn("mb-1.5 font-medium text-sm", hideLegend && "sr-only")}>{legend}</legend>
      {hint && (
        <div id={`${id}-hint`} className="mb-2 text-muted-foreground text-xs">
          {hint}
        </div>
      )}
      <div className={cn("grid gap-2", className)}>{children}</div>
      {error && (
        <p id={`${id}-error`} role="alert" className="mt-1.5 flex items-start gap-1.5 text-danger text-xs">
          <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          {error}
        </p>
      )}
    </fieldset>
  );
}

type ItemProps = Omit<ComponentProps<"input">, "type"> & { label: ReactNode; description?: ReactNode };

/** One choice as a card; spread `register(name)` into every item of a group. */
export function RadioItem({ label, description, className, ...props }: ItemProps) {
  const id = useId();
  return (
    <label
      className={cn(
        "flex items-start gap-2.5 rounded-md border border-border bg-surface px-3 py-2.5 transition-colors hover:border-border-strong has-checked:border-primary has-checked:bg-primary-soft has-disabled:opacity-50",
        className,
      )}
    >
      <input
        aria-labelledby={`${id}-label`}
        aria-describedby={description ? `${id}-description` : undefined}
        {...props}
        type="radio"
        className="mt-0.5 size-4 shrink-0 appearance-none rounded-full border border-border-strong bg-surface transition-[border-width] checked:border-5 checked:border-primary forced-colors:appearance-auto"
      />
      <span className="grid gap-0.5">
        <span id={`${id}-label`} className="font-medium text-sm">
          {label}
        </span>
        {description && (
          <span id={`${id}-description`} className="text-muted-foreground text-xs">
            {description}
          </span>
        )}
      </span>
    </label>
  );
}
