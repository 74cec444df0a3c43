import { Alert } from "@/components/ui/alert";
import { formatTime } from "@/components/ui/time-format";
import { formatNumber, formatPeople } from "@/lib/campaigns/numbers";
import type { CampaignProgress } from "@/lib/campaigns/queries";

type Props = { progress: CampaignProgress; timeZone: string };

/** Why nothing moves while WhatsApp's messaging limit is used up, and when it goes on. */
export function LimitAlert({ progress: { limit, states }, timeZone }: Props) {
  if (!limit?.until) return null;
  return (
    <Alert title="WhatsApp's limit for 24 hours is used up">
      Your business may message {formatPeople(limit.people)} in 24 hours who have not written to you. The
      other {formatNumber(states.queued)} follow by themselves from{" "}
      {formatTime(new Date(limit.until), timeZone, "datetime")} on ({timeZone}).
    </Alert>
  );
}
