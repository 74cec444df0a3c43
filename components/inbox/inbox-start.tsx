import { MessageSquareText } from "lucide-react";

/** Beside the list, until a conversation is chosen. */
export function InboxStart() {
  return (
    <div className="grid h-full content-center justify-items-center gap-2 px-6 text-center text-muted-foreground text-sm">
      <MessageSquareText aria-hidden className="size-6" />
      <p>Choose a conversation to read and answer it.</p>
    </div>
  );
}
