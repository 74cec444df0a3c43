import { Skeleton } from "@/components/ui/skeleton";

export default function Loading() {
  return (
    <div role="status">
      <span className="sr-only">Loading…</span>
      <div className="mb-6 flex items-start justify-between">
        <div className="grid gap-2">
          <Skeleton className="h-8 w-48" />
          <Skeleton className="h-5 w-72 max-w-[60vw]" />
        </div>
        <Skeleton className="hidden h-9 w-32 sm:block" />
      </div>
      <Skeleton className="h-96 rounded-lg" />
    </div>
  );
}
