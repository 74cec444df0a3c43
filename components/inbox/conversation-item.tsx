import { Clock } from "lucide-react";
import Link from "next/link";
import { useInboxFilter } from "@/components/inbox/use-inbox-filter";
import { Time } from "@/components/ui/time";
import { type Conversation, nameOf } from "@/lib/inbox/conversation";
import { cn } from "@/lib/utils";

type Props = { conversation: Conversation; isCurrent: boolean; timeZone: string };

export function ConversationItem({ conversation, isCurrent, timeZone }: Props) {
  const { contactId, isUnread, isOpen, latest } = conversation;
  const { hrefOf } = useInboxFilter();
  return (
    <li className="border-b">
      <Link
        href={hrefOf(`/inbox/${contactId}`)}
        aria-current={isCurrent ? "page" : undefined}
        className="-outline-offset-2 grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-0.5 px-4 py-3 transition-colors hover:bg-muted aria-[current]:bg-primary-soft"
      >
        <span
          dir="auto"
          className={cn("truncate text-left text-sm", isUnread ? "font-semibold" : "font-medium")}
        >
          {nameOf(conversation)}
        </span>
        {/* Another message is another moment: the time starts counting from its own. */}
        <Time
          key={String(latest.at)}
          value={latest.at}
          timeZone={timeZone}
          style="relative"
          className={cn("text-xs leading-5", isUnread ? "font-medium text-primary" : "text-muted-foreground")}
        />
        <span
          dir="auto"
          className={cn("truncate text-left text-sm", isUnread ? "text-foreground" : "text-muted-foreground")}
        >
          {latest.direction === "outbound" && <span className="text-muted-foreground">You: </span>}
          {latest.summary}
        </span>
        <span className="flex items-center justify-end gap-1.5">
          {isOpen && (
            <span title="Can be answered freely">
              <Clock aria-hidden className="size-3.5 text-muted-foreground" />
              <span className="sr-only">Can be answered</span>
            </span>
          )}
          {isUnread && (
            <span className="size-2.5 rounded-full bg-primary">
              <span className="sr-only">Unread</span>
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}
