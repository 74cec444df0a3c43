"use client";

import { useMutation } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toaster";
import { type SyncReport, syncTemplates } from "@/lib/templates/queries";

/** "2 updated, 1 added" */
function inWords({ updated, imported, missing, skipped }: SyncReport): string {
  const parts = [
    updated > 0 && `${updated} updated`,
    imported > 0 && `${imported} added`,
    missing > 0 && `${missing} no longer at WhatsApp`,
    skipped > 0 && `${skipped} not taken over, because a template here has the same name`,
  ];
  return parts.filter(Boolean).join(", ") || "Everything was up to date";
}

export function SyncTemplates() {
  const router = useRouter();
  const sync = useMutation({
    mutationFn: syncTemplates,
    onSuccess: (report) => {
      toast.success("Compared with WhatsApp", { description: inWords(report) });
      router.refresh();
    },
    onError: (error) => toast.error(error.message),
  });
  return (
    <Button variant="secondary" loading={sync.isPending} onClick={() => sync.mutate()}>
      <RefreshCw aria-hidden />
      Refresh from WhatsApp
    </Button>
  );
}
