import type { Route } from "next";
import Link from "next/link";
import { type ReactNode, useId } from "react";

type Props = { title: string; href?: Route; linkLabel?: string; children: ReactNode };

export function Section({ title, href, linkLabel, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="grid min-w-0 gap-3">
      <div className="flex items-baseline justify-between gap-4">
        <h2 id={id} className="font-semibold text-lg">
          {title}
        </h2>
        {href && (
          <Link href={href} className="text-primary text-sm underline underline-offset-4">
            {linkLabel}
          </Link>
        )}
      </div>
      {children}
    </section>
  );
}
