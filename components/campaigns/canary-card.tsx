"use client";

import { useAct } from "@/components/campaigns/use-act";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { formatTime } from "@/components/ui/time-format";
import { formatPeople } from "@/lib/campaigns/numbers";
import { type CampaignProgress, sendRest } from "@/lib/campaigns/queries";

type Props = { progress: CampaignProgress; timeZone: string };

/** While only the first part of a campaign is sent: what the others wait for, and the way not to wait. */
export function CanaryCard({ progress: { id, status, canary, totalRecipients }, timeZone }: Props) {
  const act = useAct(id);
  if (!canary || (status !== "processing" && status !== "paused")) return null;
  const others = formatPeople(totalRecipients - canary.size);
  return (
    <Alert
      title={canary.sentAt ? `The first ${formatPeople(canary.size)} are done` : "A few people first"}
      action={
        status === "processing" && (
          <ConfirmDialog
            trigger={<Button variant="secondary">Send the rest now</Button>}
            title={`Send to the other ${others} now?`}
            confirmLabel={`Send to ${others}`}
            cancelLabel="Keep waiting"
            onConfirm={() => act(() => sendRest(id), "It goes to everybody now.")}
          >
            Campanile then does not wait to see how the first part went. It still pauses the campaign if too
            many messages fail.
          </ConfirmDialog>
        )
      }
    >
      {canary.sentAt
        ? `The other ${others} follow at ${whenOf(canary.sentAt, canary.minutes, timeZone)} if all is well.`
        : `The first ${formatPeople(canary.size)} get it now. The other ${others} follow ${canary.minutes} minutes after that if all is well.`}
    </Alert>
  );
}

function whenOf(sentAt: Date | string, minutes: number, timeZone: string): string {
  const end = new Date(new Date(sentAt).getTime() + minutes * 60_000);
  return `${formatTime(end, timeZone, "datetime").split(", ")[1]} (${timeZone})`;
}
