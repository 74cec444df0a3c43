"use client";

import type { ComponentProps } from "react";
import { useFieldControl } from "@/components/ui/field";
import { cn } from "@/lib/utils";

export const controlClasses =
  "w-full min-w-0 rounded-md border border-border-strong bg-surface px-3 text-base text-foreground transition-colors hover:border-foreground aria-invalid:border-danger disabled:cursor-not-allowed disabled:border-border disabled:bg-muted disabled:text-muted-foreground sm:text-sm";

export function Input({ className, ...props }: ComponentProps<"input">) {
  const control = useFieldControl(props);
  return <input type="text" {...control} className={cn(controlClasses, "h-9", className)} />;
}
