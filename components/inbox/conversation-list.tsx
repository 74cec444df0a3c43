"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import { useSelectedLayoutSegment } from "next/navigation";
import { ConversationItem } from "@/components/inbox/conversation-item";
import { InboxSearch } from "@/components/inbox/inbox-search";
import { NoConversations } from "@/components/inbox/no-conversations";
import { useInboxFilter } from "@/components/inbox/use-inbox-filter";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Spinner } from "@/components/ui/spinner";
import { type Conversation, type Page, SEARCHED_TEXTS } from "@/lib/inbox/conversation";
import { conversationsQuery } from "@/lib/inbox/queries";

type Props = {
  initial: Page<Conversation>;
  account: { timeZone: string; isConnected: boolean; isSandbox: boolean };
};

const number = new Intl.NumberFormat("en");

const nobody = {
  all: "Nobody has written to you yet.",
  unread: "You have seen everything.",
  open: "Nobody has written within the last 24 hours.",
} as const;

/** Whoever has written, as they write. */
export function ConversationList({ initial, account }: Props) {
  const { filter, search } = useInboxFilter();
  const isWhole = filter === "all" && search === "";
  const { data, error, isFetchingNextPage, hasNextPage, fetchNextPage } = useInfiniteQuery({
    ...conversationsQuery(filter, search),
    ...(isWhole && { initialData: { pages: [initial], pageParams: [""] } }),
  });
  const selected = useSelectedLayoutSegment();
  const Heading = selected === null ? "h1" : "h2";
  const conversations = data?.pages.flatMap(({ items }) => items);

  return (
    <div className="flex h-full flex-col">
      <div className="grid gap-3 border-b px-4 pt-5 lg:pt-4">
        <Heading className="font-semibold text-2xl tracking-tight lg:text-lg">Inbox</Heading>
        <InboxSearch />
      </div>
      <section
        aria-label="Conversations"
        className="-outline-offset-2 relative min-h-0 flex-1 overflow-y-auto"
      >
        {error && !data && (
          <Alert tone="danger" className="m-4">
            {error.message}
          </Alert>
        )}
        {!conversations && !error && (
          <p role="status" className="flex items-center gap-2 px-4 py-6 text-muted-foreground text-sm">
            <Spinner />
            Looking…
          </p>
        )}
        {conversations?.length === 0 && isWhole && <NoConversations {...account} />}
        {conversations?.length === 0 && !isWhole && (
          <p
            role="status"
            className="grid justify-items-center gap-2 px-6 py-10 text-center text-muted-foreground text-sm"
          >
            <SearchX aria-hidden className="size-5" />
            {search === "" ? nobody[filter] : "Nobody matches this search."}
          </p>
        )}
        <ul>
          {conversations?.map((conversation) => (
            <ConversationItem
              key={conversation.contactId}
              conversation={conversation}
              isCurrent={conversation.contactId === selected}
              timeZone={account.timeZone}
            />
          ))}
        </ul>
        {hasNextPage && (
          <div className="grid justify-items-center p-3">
            <Button
              variant="secondary"
              size="sm"
              loading={isFetchingNextPage}
              onClick={() => fetchNextPage()}
            >
              Show more
            </Button>
          </div>
        )}
        {search !== "" && (
          <p className="px-4 py-3 text-muted-foreground text-xs">
            Names, numbers and addresses of everybody, and what was written in the newest{" "}
            {number.format(SEARCHED_TEXTS)} conversations.
          </p>
        )}
      </section>
    </div>
  );
}
