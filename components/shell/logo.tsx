import { cn } from "@/lib/utils";

/** The bell tower; `app/icon.svg` is the same drawing. */
export function LogoMark({ className }: { className?: string | undefined }) {
  return (
    <svg aria-hidden viewBox="4 0 24 32" className={cn("h-8 shrink-0", className)}>
      <path
        className="fill-brand"
        d="M15.1.6a1.2 1.2 0 0 1 1.8 0L26.6 10a.6.6 0 0 1-.4 1H5.8a.6.6 0 0 1-.4-1ZM6 12.6h20V30a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2Z"
      />
      <path
        className="fill-brass"
        d="M16 14.8a4.6 4.6 0 0 1 4.6 4.6v3.2l1.9 3.2h-13l1.9-3.2v-3.2a4.6 4.6 0 0 1 4.6-4.6ZM13.8 27h4.4a2.2 2.2 0 0 1-4.4 0Z"
      />
    </svg>
  );
}

export function Logo({ className }: { className?: string | undefined }) {
  return (
    <span
      className={cn("inline-flex items-center gap-2.5 font-semibold text-base tracking-tight", className)}
    >
      <LogoMark />
      Campanile
    </span>
  );
}
