import { LoaderCircle } from "lucide-react";
import { cn } from "@/lib/utils";

/** Decorative: say what is loading in text beside it, or with `aria-busy`. */
export function Spinner({ className }: { className?: string | undefined }) {
  return <LoaderCircle aria-hidden className={cn("size-4 animate-spin", className)} />;
}
