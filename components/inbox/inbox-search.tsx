"use client";

import { Search } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useInboxFilter } from "@/components/inbox/use-inbox-filter";
import { Input } from "@/components/ui/input";
import { type InboxFilter, inboxFilters } from "@/lib/inbox/schema";

const labels: Record<InboxFilter, string> = { all: "All", unread: "Unread", open: "Can answer" };
const titles: Record<InboxFilter, string> = {
  all: "Everybody who has written to you",
  unread: "What you have not seen",
  open: "Who has written within 24 hours and can be answered freely",
};
const DELAY_MS = 300;

/** Filters and search of the list. What is typed takes effect after a pause, or at once with Enter. */
export function InboxSearch() {
  const { filter, search, hrefOf } = useInboxFilter();
  const [text, setText] = useState(search);
  const pathname = usePathname();
  const router = useRouter();
  const href = hrefOf(pathname, { search: text.trim() });
  const isDifferent = text.trim() !== search;

  useEffect(() => {
    if (!isDifferent) return;
    const timer = setTimeout(() => router.replace(href, { scroll: false }), DELAY_MS);
    return () => clearTimeout(timer);
  }, [isDifferent, href, router]);

  return (
    <>
      <search aria-label="Conversations">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            router.replace(href, { scroll: false });
          }}
          className="relative"
        >
          <Search
            aria-hidden
            className="pointer-events-none absolute top-2.5 left-3 size-4 text-muted-foreground"
          />
          <Input
            type="search"
            value={text}
            onChange={({ target }) => setText(target.value)}
            maxLength={100}
            placeholder="Name, number or words"
            aria-label="Search by name, number, e-mail or what was written"
            className="pl-9"
          />
        </form>
      </search>
      <nav aria-label="Which conversations">
        <ul className="flex gap-1">
          {inboxFilters.map((each) => (
            <li key={each}>
              <Link
                href={hrefOf(pathname, { filter: each })}
                replace
                scroll={false}
                title={titles[each]}
                aria-current={each === filter ? "true" : undefined}
                className="-outline-offset-2 flex h-9 items-center border-transparent border-b-2 px-2.5 font-medium text-muted-foreground text-sm transition-colors hover:text-foreground aria-[current]:border-primary aria-[current]:text-foreground"
              >
                {labels[each]}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </>
  );
}
