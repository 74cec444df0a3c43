import { cn } from "@/lib/utils";

/** The bell tower; `app/icon.svg` is the same drawing. */
export function LogoMark({ className }: { className?: string | undefined }) {
  return (
    <svg aria-hidden viewBox="0 0 32 32" className={cn("size-8 shrink-0", className)}>
      <rect width="32" height="32" rx="7" className="fill-brand" />
      <path
        fillRule="evenodd"
        className="fill-brand-foreground"
        d="M16 3.5 23.5 11h-15ZM8 12h16v2H8ZM10 15h12v13H10Zm2.5 9.5h7V20a3.5 3.5 0 0 0-7 0Z"
      />
      <path
        className="fill-brass"
        d="M16 17.6a2 2 0 0 1 2 2v1.5l.9 1.3h-5.8l.9-1.3v-1.5a2 2 0 0 1 2-2Zm-.9 5.2h1.8a.9.9 0 0 1-1.8 0Z"
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
