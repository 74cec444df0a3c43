"use client";

import type { Route } from "next";
import Link from "next/link";
import { useEffect, useRef } from "react";

type LinkTab = {
  href: Route;
  label: string;
  current: boolean;
  /** A text where it is not exact, such as "10,000+". */
  count?: number | string | undefined;
};

const number = new Intl.NumberFormat("en");

/** Tabs that are places of their own: a filter or a part of a page with its own address. */
export function LinkTabs({ label, tabs }: { label: string; tabs: LinkTab[] }) {
  const nav = useRef<HTMLElement>(null);
  const current = tabs.find((tab) => tab.current)?.href;
  // On a narrow screen the tab of this page may be one of those that are out of sight.
  useEffect(() => {
    const tab = current && nav.current?.querySelector<HTMLElement>("[aria-current]");
    if (nav.current && tab)
      nav.current.scrollLeft = tab.offsetLeft - (nav.current.clientWidth - tab.offsetWidth) / 2;
  }, [current]);
  return (
    <nav ref={nav} aria-label={label} className="relative mb-5 overflow-x-auto border-b">
      <ul className="flex gap-1">
        {tabs.map((tab) => (
          <li key={tab.href}>
            <Link
              href={tab.href}
              aria-current={tab.current ? "page" : undefined}
              className="-outline-offset-2 flex h-10 items-center gap-2 whitespace-nowrap rounded-t-md border-transparent border-b-2 px-3 font-medium text-muted-foreground text-sm transition-colors hover:text-foreground aria-[current]:border-primary aria-[current]:text-foreground"
            >
              {tab.label}
              {tab.count !== undefined && (
                <span className="rounded-full bg-muted px-1.5 text-foreground text-xs tabular-nums">
                  {typeof tab.count === "number" ? number.format(tab.count) : tab.count}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
