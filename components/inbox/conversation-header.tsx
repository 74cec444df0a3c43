"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, Mail } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { ConsentBadge } from "@/components/contacts/consent-badge";
import { useInboxFilter } from "@/components/inbox/use-inbox-filter";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toaster";
import { formatDuration } from "@/lib/campaigns/numbers";
import { nameOf, type Person } from "@/lib/inbox/conversation";
import { seeConversation } from "@/lib/inbox/queries";

type Props = { person: Person; openForMs: number; onMarkUnread: () => void };

export function ConversationHeader({ person, openForMs, onMarkUnread }: Props) {
  const { id, phone, name, optedIn, optedOutAt, isBlocked, lastInboundId } = person;
  const { hrefOf } = useInboxFilter();
  const router = useRouter();
  const client = useQueryClient();
  const list = hrefOf("/inbox");
  const markUnread = useMutation({
    mutationFn: () => {
      onMarkUnread();
      return seeConversation(id, null);
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["inbox"] });
      router.push(list);
    },
    onError: (error) => toast.error(error.message),
  });
  const consent = { optedIn, isBlocked, optedOutAt: optedOutAt === null ? null : new Date(optedOutAt) };

  return (
    <header className="grid grid-cols-[minmax(0,1fr)] gap-1 border-b px-4 py-3">
      <div className="flex items-center gap-2">
        <Link
          href={list}
          aria-label="Back to all conversations"
          className="-ml-2 grid size-9 shrink-0 place-items-center rounded-md hover:bg-muted lg:hidden"
        >
          <ArrowLeft aria-hidden className="size-5" />
        </Link>
        <h1 className="min-w-0 flex-1 truncate font-semibold text-lg leading-6" title={nameOf(person)}>
          <bdi>{nameOf(person)}</bdi>
        </h1>
        {lastInboundId && (
          <Button
            variant="ghost"
            size="sm"
            loading={markUnread.isPending}
            onClick={() => markUnread.mutate()}
            className="-mr-2"
          >
            <Mail aria-hidden />
            Mark unread
          </Button>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-muted-foreground text-xs">
        {name && phone && <span className="tabular-nums">{phone}</span>}
        <ConsentBadge contact={consent} />
        <Link href={`/contacts/${id}`} className="text-primary underline underline-offset-4">
          Contact
        </Link>
        {openForMs > 0 && (
          <p className="tabular-nums sm:ml-auto">Can be answered for {formatDuration(openForMs / 1000)}</p>
        )}
      </div>
    </header>
  );
}
