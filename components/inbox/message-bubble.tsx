import { CornerUpLeft, Megaphone } from "lucide-react";
import Link from "next/link";
import { MessageContent } from "@/components/inbox/message-content";
import { MessageTicks } from "@/components/inbox/message-ticks";
import { WriteAgain } from "@/components/inbox/write-again";
import { Time } from "@/components/ui/time";
import type { Bubble } from "@/lib/inbox/conversation";
import { cn } from "@/lib/utils";

type Props = {
  contactId: string;
  bubble: Bubble;
  name: string;
  timeZone: string;
  /** Whether to name the campaign that this answers. */
  showsAnswered: boolean;
};

export const bubbleClasses = (isOwn: boolean) =>
  cn(
    "grid w-fit min-w-0 max-w-[min(34rem,88%)] gap-1 rounded-lg border px-3 py-2 text-sm shadow-sm",
    isOwn
      ? "justify-self-end rounded-br-sm border-primary/20 bg-primary-soft"
      : "justify-self-start rounded-bl-sm bg-surface",
  );

export function MessageBubble({ contactId, bubble, name, timeZone, showsAnswered }: Props) {
  const { id, direction, at, status, errorMessage, content, campaign, answered, reactions } = bubble;
  const isOwn = direction === "outbound";
  return (
    <li className="grid gap-1">
      {showsAnswered && answered && (
        <p className="flex min-w-0 items-center gap-1.5 text-muted-foreground text-xs">
          <CornerUpLeft aria-hidden className="size-3.5 shrink-0" />
          <span className="shrink-0">{answered.isQuoted ? "In answer to" : "After"}</span>
          <CampaignLink {...answered} />
        </p>
      )}
      <div className={bubbleClasses(isOwn)}>
        <span className="sr-only">{isOwn ? "You" : name}: </span>
        {campaign && (
          <p className="flex min-w-0 items-center gap-1.5 text-muted-foreground text-xs">
            <Megaphone aria-hidden className="size-3.5 shrink-0" />
            <CampaignLink {...campaign} />
          </p>
        )}
        <MessageContent messageId={id} content={content} />
        <p className="flex items-center justify-end gap-1.5 text-muted-foreground text-xs">
          <Time value={at} timeZone={timeZone} style="time" />
          {isOwn && <MessageTicks status={status} />}
        </p>
        {isOwn && errorMessage && (status === "failed" || status === "unknown") && (
          <p className={cn("text-xs", status === "failed" ? "text-danger" : "text-warning")}>
            {errorMessage}
          </p>
        )}
        {status === "failed" && content.kind === "text" && !campaign && (
          <WriteAgain contactId={contactId} text={content.text} />
        )}
      </div>
      {reactions.length > 0 && (
        <p
          className={cn(
            "-mt-2.5 w-fit rounded-full border bg-surface px-1.5 text-sm shadow-sm",
            isOwn ? "mr-2 justify-self-end" : "ml-2",
          )}
        >
          <span className="sr-only">Reactions: </span>
          {reactions.join(" ")}
        </p>
      )}
    </li>
  );
}

function CampaignLink({ id, name }: { id: string; name: string }) {
  return (
    <Link href={`/campaigns/${id}`} className="truncate font-medium hover:underline">
      <bdi>{name}</bdi>
    </Link>
  );
}
