"use client";

import { Merge } from "lucide-react";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useAct } from "@/components/contacts/use-act";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { mergeContacts } from "@/lib/identity/queries";

export function MergeButton({ keepId, dropId }: { keepId: string; dropId: string }) {
  const router = useRouter();
  const act = useAct();
  const merge = async () => {
    await mergeContacts(keepId, dropId);
    router.replace(`/contacts/${keepId}` as Route);
  };
  return (
    <ConfirmDialog
      trigger={
        <Button>
          <Merge aria-hidden />
          Join these two
        </Button>
      }
      title="Join these two contacts?"
      confirmLabel="Join them"
      onConfirm={() => act(merge, "They are one contact now")}
    >
      They become one contact, as the page shows. This cannot be undone.
    </ConfirmDialog>
  );
}
