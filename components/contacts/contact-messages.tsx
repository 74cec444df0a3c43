import Link from "next/link";
import { MessageStatusBadge } from "@/components/campaigns/message-status-badge";
import { Badge } from "@/components/ui/badge";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { Time } from "@/components/ui/time";
import type { MessageDirection, MessageStatus } from "@/lib/db/generated/enums";

type Message = {
  id: string;
  direction: MessageDirection;
  content: unknown;
  status: MessageStatus;
  errorMessage: string | null;
  createdAt: Date;
  sentAt: Date | null;
  campaign: { id: string; name: string } | null;
};

/** The text of a message from WhatsApp, as far as it has one. */
function textOf(content: unknown): string | null {
  if (typeof content !== "object" || content === null || !("text" in content)) return null;
  const { text } = content;
  if (typeof text === "string") return text;
  return typeof text === "object" && text !== null && "body" in text && typeof text.body === "string"
    ? text.body
    : null;
}

export function ContactMessages({ messages, timeZone }: { messages: Message[]; timeZone: string }) {
  return (
    <Card>
      <CardHeader>
        <CardTitle>Messages</CardTitle>
      </CardHeader>
      <CardContent>
        {messages.length === 0 && <p className="text-muted-foreground text-sm">No messages yet.</p>}
        <ol className="grid gap-3 text-sm">
          {messages.map(({ id, direction, content, status, errorMessage, createdAt, sentAt, campaign }) => (
            <li key={id} className="grid gap-1 border-t pt-3 first:border-0 first:pt-0">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                {direction === "inbound" ? (
                  <Badge tone="primary">Received</Badge>
                ) : (
                  <MessageStatusBadge status={status} />
                )}
                {campaign && (
                  <Link href={`/campaigns/${campaign.id}`} className="truncate font-medium hover:underline">
                    {campaign.name}
                  </Link>
                )}
                <Time value={sentAt ?? createdAt} timeZone={timeZone} className="text-muted-foreground" />
              </p>
              {direction === "inbound" && (
                <p className="whitespace-pre-line break-words">
                  {textOf(content) ?? "Something other than text"}
                </p>
              )}
              {errorMessage && <p className="text-muted-foreground">{errorMessage}</p>}
            </li>
          ))}
        </ol>
      </CardContent>
    </Card>
  );
}
