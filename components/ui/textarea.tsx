"use client";

import type { ComponentProps } from "react";
import { useFieldControl } from "@/components/ui/field";
import { controlClasses } from "@/components/ui/input";
import { cn } from "@/lib/utils";

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  const control = useFieldControl(props);
  return <textarea rows={4} {...control} className={cn(controlClasses, "py-2 leading-5", className)} />;
}
