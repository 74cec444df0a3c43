import type { Route } from "next";
import { useSearchParams } from "next/navigation";
import { queryString } from "@/lib/api-client";
import { conversationListSchema, type InboxFilter } from "@/lib/inbox/schema";

/** The filter is part of the address: it stays when a conversation is opened, and can be bookmarked. */
export function useInboxFilter() {
  const params = useSearchParams();
  const { filter, search } = conversationListSchema.catch({ filter: "all", search: "" }).parse({
    filter: params.get("filter") ?? undefined,
    search: params.get("search") ?? undefined,
  });
  const hrefOf = (path: string, change: { filter?: InboxFilter; search?: string } = {}) => {
    const next = { filter, search, ...change };
    return `${path}${queryString({ ...next, filter: next.filter === "all" ? "" : next.filter })}` as Route;
  };
  return { filter, search, hrefOf };
}
