"use client";

import { attach, type Outgoing, takeBack, useDesk, write } from "@/components/inbox/drafts";
import { bubbleClasses } from "@/components/inbox/message-bubble";
import { MessageContent } from "@/components/inbox/message-content";
import { MessageTicks } from "@/components/inbox/message-ticks";
import { useSendReply } from "@/components/inbox/use-send-reply";
import { Button } from "@/components/ui/button";

type Props = { contactId: string; outgoing: Outgoing };

/** A message that the server has not taken yet. */
export function OutgoingBubble({ contactId, outgoing: { reply, content, error } }: Props) {
  const send = useSendReply(contactId);
  const { draft } = useDesk(contactId);
  const mayEdit = reply.kind === "free" && draft.text.trim() === "" && draft.media === null;
  const edit = () => {
    if (reply.kind !== "free") return;
    write(contactId, reply.text);
    attach(contactId, reply.media);
    takeBack(contactId, reply.id);
  };
  return (
    <li className="grid">
      <div className={bubbleClasses(true)} aria-busy={error === null}>
        <span className="sr-only">You: </span>
        <MessageContent messageId={null} content={content} />
        <p className="flex justify-end text-muted-foreground">
          <MessageTicks status={error === null ? "sending" : "failed"} />
        </p>
        {error !== null && (
          <>
            <p role="alert" className="text-danger text-xs">
              {error}
            </p>
            <p className="flex flex-wrap gap-4">
              <Button variant="link" size="sm" onClick={() => send(reply, content)}>
                Try again
              </Button>
              {mayEdit && (
                <Button variant="link" size="sm" onClick={edit}>
                  Edit
                </Button>
              )}
              <Button variant="link" size="sm" onClick={() => takeBack(contactId, reply.id)}>
                Discard
              </Button>
            </p>
          </>
        )}
      </div>
    </li>
  );
}
