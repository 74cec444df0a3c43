"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Progress } from "@/components/ui/progress";
import { toast } from "@/components/ui/toaster";
import { type BulkActionProgress, bulkActionQuery, cancelBulkAction } from "@/lib/bulk-actions/queries";
import { contactsWords } from "@/lib/contact-filters/queries";

const number = new Intl.NumberFormat("en");

const doing: Record<BulkActionProgress["kind"], (tags: string) => string> = {
  tag: (tags) => `Tagging with ${tags}`,
  untag: (tags) => `Taking away ${tags}`,
  opt_out: () => "Opting out",
  block: () => "Blocking",
  unblock: () => "Unblocking",
  delete: () => "Deleting",
};

/** A bulk action that is going on, with what is done so far and a way to stop it. */
export function BulkProgress({ action }: { action: BulkActionProgress }) {
  const router = useRouter();
  const { data = action } = useQuery({ ...bulkActionQuery(action.id), initialData: action });
  const { mutateAsync: cancel } = useMutation({ mutationFn: () => cancelBulkAction(action.id) });
  const { status, kind, tags, totalCount, processedCount, changedCount } = data;

  useEffect(() => {
    if (status === "processing") return;
    toast.success(
      `${status === "canceled" ? "Stopped" : "Done"}: ${number.format(changedCount)} of ${contactsWords({ count: totalCount, isMore: false })} changed`,
    );
    router.refresh();
  }, [status, changedCount, totalCount, router]);

  if (status !== "processing") return null;
  const what = doing[kind](tags.join(", "));
  return (
    <section aria-label={what} className="mb-3 grid gap-2 rounded-lg border bg-surface px-4 py-3 shadow-sm">
      <div className="flex flex-wrap items-center justify-between gap-2 text-sm">
        <p>
          {what}: {number.format(processedCount)} of {contactsWords({ count: totalCount, isMore: false })}
        </p>
        <ConfirmDialog
          trigger={
            <Button variant="ghost" size="sm">
              Stop
            </Button>
          }
          title="Stop here?"
          confirmLabel="Stop"
          cancelLabel="Go on"
          onConfirm={() => cancel()}
        >
          What is done stays done; the other contacts stay as they are.
        </ConfirmDialog>
      </div>
      <Progress label={what} value={processedCount} max={totalCount} />
    </section>
  );
}
