import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, queryString } from "@/lib/api-client";
import type { Conversation, Entry, Page, Person, ReplyState } from "@/lib/inbox/conversation";
import type { InboxFilter, Reply } from "@/lib/inbox/schema";

/** How often an open page asks for news (ms); none does in a hidden tab. */
const CONVERSATION_MS = 3000;
const LIST_MS = 5000;
const UNREAD_MS = 15_000;

export type ConversationView = { person: Person; entries: Page<Entry> };

export const unreadQuery = queryOptions({
  queryKey: ["inbox", "unread"],
  queryFn: () => api.get<{ count: number }>("/api/inbox/unread"),
  refetchInterval: UNREAD_MS,
});

export const conversationsQuery = (filter: InboxFilter, search: string) =>
  infiniteQueryOptions({
    queryKey: ["inbox", "list", filter, search],
    queryFn: ({ pageParam }) =>
      api.get<Page<Conversation>>(`/api/inbox${queryString({ filter, search, cursor: pageParam })}`),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // A search may have to look at everybody; it is done once.
    refetchInterval: search === "" && LIST_MS,
  });

/** The newest page says how the person stands now; further ones are what was said before. */
export const conversationQuery = (contactId: string) =>
  infiniteQueryOptions({
    queryKey: ["inbox", "conversation", contactId],
    queryFn: ({ pageParam }) =>
      api.get<ConversationView>(`/api/inbox/${contactId}${queryString({ before: pageParam })}`),
    initialPageParam: "",
    getNextPageParam: ({ entries }) => entries.nextCursor,
    refetchInterval: CONVERSATION_MS,
  });

export const seeConversation = (contactId: string, messageId: string | null) =>
  api.post<null>(`/api/inbox/${contactId}/seen`, { messageId });

export const sendReply = (contactId: string, reply: Reply) =>
  api.post<ReplyState>(`/api/inbox/${contactId}/replies`, reply);

export const fileUrl = (messageId: string) => `/api/inbox/messages/${messageId}/file`;
