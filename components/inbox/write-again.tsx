"use client";

import { useDesk, write } from "@/components/inbox/drafts";
import { Button } from "@/components/ui/button";

/** Puts a text that did not go out back where it can be changed and sent, as a new message. */
export function WriteAgain({ contactId, text }: { contactId: string; text: string }) {
  const { draft } = useDesk(contactId);
  if (draft.text.trim() !== "") return null;
  return (
    <Button variant="link" size="sm" className="w-fit" onClick={() => write(contactId, text)}>
      Write it again
    </Button>
  );
}
