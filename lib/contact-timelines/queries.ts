import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, queryString } from "@/lib/api-client";
import type { TimelinePage } from "@/lib/contact-timelines/entry";

/** What was before a page that is shown already; asked for page by page. */
export const olderQuery = (contactId: string, cursor: string) =>
  infiniteQueryOptions({
    queryKey: ["contacts", contactId, "timeline", cursor],
    queryFn: ({ pageParam }) =>
      api.get<TimelinePage>(`/api/contacts/${contactId}/timeline${queryString({ before: pageParam })}`),
    initialPageParam: cursor,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled: false,
  });
