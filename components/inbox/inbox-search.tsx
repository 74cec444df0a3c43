"use client";

import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useInboxFilter } from "@/components/inbox/use-inbox-filter";
import { SearchInput } from "@/components/ui/search-input";
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
        >
          <SearchInput
            value={text}
            onChange={({ target }) => setText(target.value)}
            placeholder="Name, number or words"
            aria-label="Search by name, number, e-mail or what was written"
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
