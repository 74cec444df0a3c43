import type { ComponentProps } from "react";
import { cn } from "@/lib/utils";

export function Label({ className, ...props }: ComponentProps<"label">) {
  // biome-ignore lint/a11y/noLabelWithoutControl: htmlFor comes from the caller
  return <label className={cn("font-medium text-foreground text-sm", className)} {...props} />;
}
