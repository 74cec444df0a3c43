"use client";

import { useAct } from "@/components/campaigns/use-act";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { isReopenable } from "@/lib/campaigns/lifecycle";
import { formatPeople } from "@/lib/campaigns/numbers";
import { type CampaignProgress, sendUnknown } from "@/lib/campaigns/queries";

/** Messages whose answer was lost, and the only way to send them again. */
export function UnknownAlert({ progress: { id, status, states } }: { progress: CampaignProgress }) {
  const act = useAct(id);
  const people = formatPeople(states.unknown);
  return (
    <Alert
      tone="warning"
      action={
        isReopenable(status) && (
          <ConfirmDialog
            trigger={<Button variant="secondary">Send anyway</Button>}
            tone="danger"
            title={`Send to ${people} again?`}
            confirmLabel="Send anyway"
            cancelLabel="Do not send"
            onConfirm={() => act(() => sendUnknown(id), "Queued again.")}
          >
            WhatsApp may have their message already: then they get it twice. If it reports a message as sent
            before its turn comes, that message is not sent again.
            {status === "paused" && " They wait until you resume the campaign."}
          </ConfirmDialog>
        )
      }
    >
      {people}: we do not know whether WhatsApp got the message. We did not send it again.
    </Alert>
  );
}
