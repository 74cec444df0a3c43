import type { Route } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { cn } from "@/lib/utils";

type Props = {
  label: string;
  value: ReactNode;
  hint?: ReactNode;
  /** The people behind the number. */
  href?: Route | undefined;
  className?: string | undefined;
};

export function Stat({ label, value, hint, href, className }: Props) {
  const content = (
    <>
      <span className="text-muted-foreground text-xs">{label}</span>
      <span className="font-semibold text-2xl tabular-nums leading-8 tracking-tight">{value}</span>
      {hint && <span className="text-muted-foreground text-xs">{hint}</span>}
    </>
  );
  const classes = cn(
    "grid min-w-0 content-start gap-0.5 rounded-lg border bg-surface px-4 py-3 shadow-sm",
    className,
  );
  if (!href) return <div className={classes}>{content}</div>;
  return (
    <Link
      href={href}
      className={cn(classes, "transition-colors hover:border-border-strong hover:bg-muted/50")}
    >
      {content}
    </Link>
  );
}
