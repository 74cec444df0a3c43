"use client";

import { useQuery } from "@tanstack/react-query";
import { MAX_UNREAD } from "@/lib/inbox/conversation";
import { unreadQuery } from "@/lib/inbox/queries";

/** How many conversations have something the owner has not seen; nothing when there are none. */
export function UnreadCount() {
  const { data } = useQuery(unreadQuery);
  const count = data?.count ?? 0;
  if (count === 0) return null;
  return (
    <span className="ml-auto rounded-full bg-primary px-1.5 font-semibold text-primary-foreground text-xs leading-5 tabular-nums">
      {count > MAX_UNREAD ? `${MAX_UNREAD}+` : count}
      <span className="sr-only"> unread</span>
    </span>
  );
}
