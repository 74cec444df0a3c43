"use client";

import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { useFieldControl } from "@/components/ui/field";
import { controlClasses } from "@/components/ui/input";
import { cn } from "@/lib/utils";

/** A native select: it works with `register`, without JavaScript, and as phones expect. `className` sizes the box. */
export function Select({ className, ...props }: ComponentProps<"select">) {
  const control = useFieldControl(props);
  return (
    <div className={cn("relative w-full min-w-0", className)}>
      <select {...control} className={cn(controlClasses, "h-9 appearance-none truncate pr-9")} />
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-2.5 right-2.5 size-4 text-muted-foreground"
      />
    </div>
  );
}
