"use client";

import { Send } from "lucide-react";
import { useAct } from "@/components/campaigns/use-act";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { formatDuration, formatPeople } from "@/lib/campaigns/numbers";
import { type CampaignCheck, launchCampaign } from "@/lib/campaigns/queries";

type Props = {
  campaignId: string;
  templateName: string;
  check: CampaignCheck | null;
  /** The number that people see. */
  sender: string | null;
};

export function SendNow({ campaignId, templateName, check, sender }: Props) {
  const act = useAct(campaignId);
  const button = (
    <Button disabled={!check || check.problems.length > 0}>
      <Send aria-hidden />
      Send now
    </Button>
  );
  if (!check) return button;
  const { recipients, withinWindow, canary, durationSeconds, messagesPerSecond, isSandbox } = check;
  const people = formatPeople(withinWindow ?? recipients);
  const first = canary ? formatPeople(canary.size) : people;
  const from = isSandbox ? `the sandbox${sender ? ` (${sender})` : ""}` : (sender ?? "your number");
  return (
    <ConfirmDialog
      trigger={button}
      title={`Send “${templateName}” to ${first} now${canary ? `, of ${people},` : ""} from ${from}?`}
      confirmLabel={`Send to ${first}${canary ? " first" : ""}`}
      cancelLabel="Not yet"
      onConfirm={() => act(() => launchCampaign(campaignId), `Sending to ${first} has begun.`)}
    >
      <p>
        {canary
          ? `The others follow by themselves ${canary.minutes} minutes later, if all is well. `
          : `It takes about ${formatDuration(durationSeconds)} at ${messagesPerSecond} messages per second. `}
        You can pause it at any time, but what is sent cannot be taken back.
      </p>
      {isSandbox && <p className="mt-2">This is the sandbox: no real person receives anything.</p>}
    </ConfirmDialog>
  );
}
