"use client";

import { useQueryClient } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { EventQuery } from "@/lib/event-console/schema";
import { startReplay } from "@/lib/replays/queries";

type Props = {
  query: EventQuery;
  /** What is processed again, such as "the 12 events that failed". */
  what: string;
  label: string;
};

export function ReplayButton({ query, what, label }: Props) {
  const router = useRouter();
  const client = useQueryClient();
  const start = async () => {
    await startReplay(query);
    await client.invalidateQueries({ queryKey: ["replays"] });
    router.refresh();
  };
  return (
    <ConfirmDialog
      trigger={
        <Button variant="secondary">
          <RotateCcw aria-hidden />
          {label}
        </Button>
      }
      title={`Process ${what} again?`}
      confirmLabel="Process again"
      onConfirm={start}
    >
      Campanile reads them as if they had just arrived, oldest first. Nobody is sent anything, and what was
      counted is not counted twice. Reports about the account, templates and people's settings that were
      processed stay as they are. It goes on in the background; you can stop it.
    </ConfirmDialog>
  );
}
