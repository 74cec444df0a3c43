"use client";

import { Ellipsis, FileDown, Merge, Trash2, UserRoundX } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { useAct } from "@/components/contacts/use-act";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { deleteContact } from "@/lib/contacts/queries";
import { erasePerson, personalDataUrl } from "@/lib/personal-data/queries";

type Asked = "delete" | "erase" | null;

/** What is seldom done to a contact, or ends it. */
export function MoreMenu({ id, name }: { id: string; name: string }) {
  const [asked, setAsked] = useState<Asked>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const router = useRouter();
  const act = useAct();
  const dialog = (which: Asked) => ({
    open: asked === which,
    onOpenChange: (isOpen: boolean) => setAsked(isOpen ? which : null),
    onClosed: () => trigger.current?.focus(),
  });
  const leaveAfter = (end: (id: string) => Promise<unknown>) => async () => {
    await end(id);
    router.replace("/contacts");
  };
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button ref={trigger} variant="secondary" size="icon" aria-label="More">
            <Ellipsis aria-hidden />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          <DropdownMenuItem asChild>
            <Link href={`/contacts/${id}/merge` as Route}>
              <Merge aria-hidden />
              Join with another contact
            </Link>
          </DropdownMenuItem>
          <DropdownMenuItem asChild>
            <a href={personalDataUrl(id)} download>
              <FileDown aria-hidden />
              Download personal data
            </a>
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem tone="danger" onSelect={() => setAsked("delete")}>
            <Trash2 aria-hidden />
            Delete
          </DropdownMenuItem>
          <DropdownMenuItem tone="danger" onSelect={() => setAsked("erase")}>
            <UserRoundX aria-hidden />
            Erase personal data
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <ConfirmDialog
        {...dialog("delete")}
        title={`Delete ${name}?`}
        confirmLabel="Delete contact"
        tone="danger"
        onConfirm={() => act(leaveAfter(deleteContact), `Deleted ${name}`)}
      >
        Their number, details, consent history and the text of their messages are gone for good. Past
        campaigns keep their numbers. If they opted out or were blocked, a fingerprint of the number stays, so
        that no import opts them in again.
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog("erase")}
        title={`Erase everything about ${name}?`}
        confirmLabel="Erase for good"
        tone="danger"
        onConfirm={() => act(leaveAfter(erasePerson), `Erased ${name}`)}
      >
        <div className="grid gap-2">
          <p>For somebody who asks you to forget them. It does what Delete does, and also removes:</p>
          <ul className="grid list-disc gap-1 pl-5">
            <li>what they wrote to you, and the conversation</li>
            <li>their rows in lists of rows that were not imported</li>
            <li>what WhatsApp reported about them</li>
          </ul>
          <p>
            Only a fingerprint of the number stays, and past campaigns keep their numbers. Whatever they had
            agreed to, no import opts them in again. The proof that they agreed goes as well: download it
            first if you may have to show it.
          </p>
          <p>This cannot be undone. In a large account it takes up to a minute.</p>
        </div>
      </ConfirmDialog>
    </>
  );
}
