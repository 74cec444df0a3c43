import { cn } from "@/lib/utils";

/** A grey box of the size of what will come. The surroundings say that something is loading. */
export function Skeleton({ className }: { className?: string | undefined }) {
  return <div aria-hidden className={cn("animate-pulse rounded-md bg-muted", className)} />;
}
