"use client";

import type { ComponentProps } from "react";
import { useFieldControl } from "@/components/ui/field";
import { cn } from "@/lib/utils";

/** A checkbox that takes effect at once. Name it with `<Field inline>` or `aria-label`. */
export function Switch({ className, ...props }: Omit<ComponentProps<"input">, "type" | "role">) {
  const control = useFieldControl(props);
  return (
    <span className={cn("relative inline-flex h-5 w-9 shrink-0", className)}>
      <input
        {...control}
        type="checkbox"
        // biome-ignore lint/a11y/useAriaPropsForRole: a checkbox tells its state by itself
        role="switch"
        className="peer h-5 w-9 appearance-none rounded-full border border-border-strong bg-muted transition-colors checked:border-primary checked:bg-primary disabled:cursor-not-allowed disabled:opacity-50 forced-colors:appearance-auto"
      />
      <span
        aria-hidden
        className="pointer-events-none absolute top-1 left-1 size-3 rounded-full bg-border-strong transition-transform peer-checked:translate-x-4 peer-checked:bg-primary-foreground forced-colors:hidden"
      />
    </span>
  );
}
