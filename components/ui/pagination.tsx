import { ChevronLeft, ChevronRight } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";

type Props = {
  /** Null where there is no such page. */
  previousHref?: Route | null | undefined;
  nextHref?: Route | null | undefined;
  /** What the list shows, such as "1,024 contacts". */
  summary?: ReactNode;
  label?: string | undefined;
};

/** For keyset pages: there is a next and a previous one, but no numbers. */
export function Pagination({ previousHref, nextHref, summary, label = "Pages" }: Props) {
  if (!previousHref && !nextHref && !summary) return null;
  return (
    <div className="flex min-h-9 flex-wrap items-center justify-between gap-3 px-1 pt-3">
      <p className="text-muted-foreground text-sm tabular-nums">{summary}</p>
      {(previousHref || nextHref) && (
        <nav aria-label={label} className="flex gap-2">
          <Step href={previousHref}>
            <ChevronLeft aria-hidden />
            Previous
          </Step>
          <Step href={nextHref}>
            Next
            <ChevronRight aria-hidden />
          </Step>
        </nav>
      )}
    </div>
  );
}

function Step({ href, children }: { href: Route | null | undefined; children: ReactNode }) {
  if (!href) {
    return (
      <Button variant="secondary" size="sm" disabled>
        {children}
      </Button>
    );
  }
  return (
    <Button variant="secondary" size="sm" asChild>
      <Link href={href}>{children}</Link>
    </Button>
  );
}
