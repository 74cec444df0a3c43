"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Composer } from "@/components/inbox/composer";
import { ConversationHeader } from "@/components/inbox/conversation-header";
import { useDesk } from "@/components/inbox/drafts";
import { MessageLog } from "@/components/inbox/message-log";
import { useOpenFor } from "@/components/inbox/use-open-for";
import { Alert } from "@/components/ui/alert";
import { bubblesOf, nameOf } from "@/lib/inbox/conversation";
import { conversationQuery, seeConversation, type ConversationView as View } from "@/lib/inbox/queries";
import type { Template } from "@/lib/templates/schema";

type Props = {
  initial: View;
  templates: Template[];
  timeZone: string;
};

/** What was said with one person, as it is being said, and the place to answer. */
export function ConversationView({ initial, templates, timeZone }: Props) {
  const contactId = initial.person.id;
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    ...conversationQuery(contactId),
    initialData: { pages: [initial], pageParams: [""] },
  });
  const person = data.pages[0]?.person ?? initial.person;
  const entries = data.pages.toReversed().flatMap(({ entries: { items } }) => items);
  const { outgoing } = useDesk(contactId);
  const openForMs = useOpenFor(person.openForMs);
  const seen = useSeen(contactId, person.lastInboundId);
  const arrived = new Set(entries.map(({ id }) => id));

  return (
    <div className="flex h-full min-h-0 flex-col">
      <ConversationHeader person={person} openForMs={openForMs} onMarkUnread={seen.stop} />
      {error && (
        <Alert tone="warning" announce className="m-3">
          {error.message} What you see may be out of date.
        </Alert>
      )}
      <MessageLog
        contactId={contactId}
        bubbles={bubblesOf(entries)}
        outgoing={outgoing.filter(({ reply }) => !arrived.has(reply.id))}
        name={nameOf(person)}
        timeZone={timeZone}
        earlier={{ exists: hasNextPage, isLoading: isFetchingNextPage, load: () => void fetchNextPage() }}
      />
      <Composer person={person} isOpen={openForMs > 0} templates={templates} />
    </div>
  );
}

/** Tells the server how far the owner has read, while the page is in front of somebody. */
function useSeen(contactId: string, lastInboundId: string | null) {
  const client = useQueryClient();
  const told = useRef<string | null>(null);
  const isStopped = useRef(false);

  useEffect(() => {
    const tell = () => {
      if (!lastInboundId || told.current === lastInboundId || isStopped.current) return;
      if (document.visibilityState !== "visible") return;
      told.current = lastInboundId;
      seeConversation(contactId, lastInboundId).then(
        () => {
          void client.invalidateQueries({ queryKey: ["inbox", "list"] });
          void client.invalidateQueries({ queryKey: ["inbox", "unread"] });
        },
        () => {
          // Told again with the next message.
          told.current = null;
        },
      );
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [client, contactId, lastInboundId]);

  return {
    stop: () => {
      isStopped.current = true;
    },
  };
}
