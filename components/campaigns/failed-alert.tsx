"use client";

import { useAct } from "@/components/campaigns/use-act";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { isReopenable } from "@/lib/campaigns/lifecycle";
import { formatPeople } from "@/lib/campaigns/numbers";
import { type CampaignProgress, retryFailed } from "@/lib/campaigns/queries";

/** Failed messages whose cause may be gone, and the button that tries them again. */
export function FailedAlert({ progress: { id, status, retryable } }: { progress: CampaignProgress }) {
  const act = useAct(id);
  if (retryable === 0 || !isReopenable(status)) return null;
  const people = formatPeople(retryable);
  return (
    <Alert
      tone="warning"
      action={
        <ConfirmDialog
          trigger={<Button variant="secondary">Try again</Button>}
          title={`Try ${people} again?`}
          confirmLabel="Try again"
          cancelLabel="Do not send"
          onConfirm={() => act(() => retryFailed(id), "Queued again.")}
        >
          Their messages failed, so nobody gets it twice. See to the cause first, which the list of people
          names: otherwise they fail again. Who opted out since is left out.
          {status === "paused" && " They wait until you resume the campaign."}
        </ConfirmDialog>
      }
    >
      {people} did not get it for a cause that may be gone on another try.
    </Alert>
  );
}
