"use client";

import { LayoutTemplate, SendHorizontal } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import { attach, startAfresh, useDesk, write } from "@/components/inbox/drafts";
import { FilePicker } from "@/components/inbox/file-picker";
import { useSendReply } from "@/components/inbox/use-send-reply";
import { Button } from "@/components/ui/button";
import { Textarea } from "@/components/ui/textarea";
import { formatNumber } from "@/lib/campaigns/numbers";
import { MAX_CAPTION, MAX_TEXT } from "@/lib/campaigns/schema";
import type { Content } from "@/lib/inbox/content";
import { nameOf, type Person } from "@/lib/inbox/conversation";
import { type FreeReply, replySchema } from "@/lib/inbox/schema";

type Props = { person: Person; onTemplate: (() => void) | null };

/** From here on the length is shown. */
const LONG = 0.8;

/** A text of one's own, an image or a document. Enter sends, as in WhatsApp; on a phone it makes a new line. */
export function FreeComposer({ person, onTemplate }: Props) {
  const { draft } = useDesk(person.id);
  const send = useSendReply(person.id);
  const control = useRef<HTMLTextAreaElement>(null);
  const { text, media } = draft;
  const limit = media ? MAX_CAPTION : MAX_TEXT;
  const reply = replySchema.safeParse({ kind: "free", ...draft });

  const submit = () => {
    if (!reply.success || reply.data.kind !== "free") return;
    startAfresh(person.id);
    send(reply.data, contentOf(reply.data));
    control.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    if (window.matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    submit();
  };

  return (
    <form
      className="grid gap-2 border-t px-4 py-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Textarea
        ref={control}
        dir="auto"
        rows={Math.min(6, Math.max(2, text.split("\n").length))}
        value={text}
        onChange={({ target }) => write(person.id, target.value)}
        onKeyDown={onKeyDown}
        aria-label={`Message to ${nameOf(person)}`}
        placeholder={media ? "Caption (optional)" : "Write a message"}
        aria-invalid={text.length > limit || undefined}
        className="resize-none"
      />
      <div className="flex flex-wrap items-center gap-2">
        <FilePicker
          kinds={["image", "document"]}
          media={media}
          onChange={(next) => attach(person.id, next)}
          label="Attach a file"
        />
        {onTemplate && (
          <Button variant="ghost" size="sm" onClick={onTemplate}>
            <LayoutTemplate aria-hidden />
            Template
          </Button>
        )}
        {text.length > limit * LONG && (
          <p
            role="status"
            className={`text-xs tabular-nums ${text.length > limit ? "font-medium text-danger" : "text-muted-foreground"}`}
          >
            {formatNumber(text.length)} of {formatNumber(limit)} characters
          </p>
        )}
        <Button type="submit" disabled={!reply.success} className="ml-auto">
          <SendHorizontal aria-hidden />
          Send
        </Button>
      </div>
    </form>
  );
}

function contentOf({ text, media }: FreeReply): Content {
  if (!media) return { kind: "text", text };
  return { kind: "media", type: media.kind, caption: text, fileName: media.fileName };
}
