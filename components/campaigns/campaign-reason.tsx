import { Alert } from "@/components/ui/alert";
import { formatPeople } from "@/lib/campaigns/numbers";
import type { CampaignProgress } from "@/lib/campaigns/queries";

/** Why a campaign stands still or has ended otherwise than planned. */
export function CampaignReason({ progress }: { progress: CampaignProgress }) {
  const { status, pauseReason, errorMessage, states, startedAt } = progress;
  switch (status) {
    case "paused":
      return (
        <Alert tone="warning" title={startedAt ? "This campaign is paused" : "This campaign waits for you"}>
          <p>{pauseReason ?? "No reason was recorded."}</p>
          <p className="mt-1">
            {startedAt
              ? "Nobody gets anything until you resume it. Whoever got the message does not get it again."
              : "Nobody has got anything. Send it now, choose another time or cancel it."}
          </p>
        </Alert>
      );
    case "failed":
      return (
        <Alert tone="danger" title="This campaign could not be sent">
          {errorMessage ?? "No reason was recorded."}
        </Alert>
      );
    case "canceled":
      return (
        <Alert title="This campaign was canceled">
          {states.skipped > 0
            ? `${formatPeople(states.skipped)} did not get the message and will not get it.`
            : "Nothing more will be sent."}
        </Alert>
      );
    default:
      return null;
  }
}
