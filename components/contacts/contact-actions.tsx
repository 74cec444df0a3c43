"use client";

import { Ban, CircleCheck, Pencil, UserX } from "lucide-react";
import Link from "next/link";
import { MoreMenu } from "@/components/contacts/more-menu";
import { OptInDialog } from "@/components/contacts/opt-in-dialog";
import { useAct } from "@/components/contacts/use-act";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { blockContact, optOut, unblockContact } from "@/lib/contacts/queries";

type Props = {
  contact: {
    id: string;
    name: string | null;
    phone: string | null;
    optedIn: boolean;
    optedOutAt: Date | null;
    isBlocked: boolean;
  };
};

export function ContactActions({ contact }: Props) {
  const { id, optedIn, optedOutAt, isBlocked } = contact;
  const name = contact.name ?? contact.phone ?? "this person";
  const act = useAct();
  return (
    <>
      {!optedIn && <OptInDialog id={id} name={name} hadOptedOut={optedOutAt !== null} />}
      {(optedIn || !optedOutAt) && (
        <ConfirmDialog
          trigger={
            <Button variant="secondary">
              <UserX aria-hidden />
              Opt out
            </Button>
          }
          title={`Opt ${name} out?`}
          confirmLabel="Opt out"
          onConfirm={() => act(() => optOut({ id }), `${name} gets no more campaigns`)}
        >
          No campaign reaches them any more, not even one that is already being sent. They stay opted out when
          you import or add their number again.
        </ConfirmDialog>
      )}
      <Button asChild variant="secondary">
        <Link href={`/contacts/${id}/edit`}>
          <Pencil aria-hidden />
          Edit
        </Link>
      </Button>
      {isBlocked ? (
        <ConfirmDialog
          trigger={
            <Button variant="secondary">
              <CircleCheck aria-hidden />
              Unblock
            </Button>
          }
          title={`Unblock ${name}?`}
          confirmLabel="Unblock"
          onConfirm={() => act(() => unblockContact(id), `${name} is no longer blocked`)}
        >
          Campaigns reach them again if they opted in.
        </ConfirmDialog>
      ) : (
        <ConfirmDialog
          trigger={
            <Button variant="secondary">
              <Ban aria-hidden />
              Block
            </Button>
          }
          title={`Block ${name}?`}
          confirmLabel="Block"
          tone="danger"
          onConfirm={() => act(() => blockContact({ id }), `${name} is blocked`)}
        >
          No campaign reaches them until you unblock them, whatever they agreed to.
        </ConfirmDialog>
      )}
      <MoreMenu id={id} name={name} />
    </>
  );
}
