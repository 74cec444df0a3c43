import { Alert } from "@/components/ui/alert";
import { formatPeople } from "@/lib/campaigns/numbers";
import type { CampaignProgress } from "@/lib/campaigns/queries";

/** Messages that WhatsApp took and has neither sent nor dropped. */
export function HeldAlert({ progress: { states, heldLong } }: { progress: CampaignProgress }) {
  return (
    <Alert tone="warning" title={`WhatsApp holds the messages of ${formatPeople(states.held)}`}>
      It does so with new templates until it is sure of their quality. Then it sends them by itself, or drops
      them and they count as failed here.
      {heldLong > 0 && (
        <>
          {" "}
          For {formatPeople(heldLong)} it has said nothing for more than 24 hours, so nobody knows what
          becomes of their messages. We do not send them again.
        </>
      )}
    </Alert>
  );
}
