import { Time } from "@/components/ui/time";
import type { CampaignStatus } from "@/lib/db/generated/enums";

type Props = {
  campaign: { status: CampaignStatus; scheduledAt: Date | null; startedAt: Date | null; createdAt: Date };
  timeZone: string;
};

/** The one moment that matters in a campaign's state, and what happens or happened then. */
export function CampaignTime({ campaign, timeZone }: Props) {
  const { words, moment } = momentOf(campaign);
  return (
    <>
      <span className="block text-muted-foreground text-xs">{words}</span>
      <Time value={moment} timeZone={timeZone} />
    </>
  );
}

function momentOf({ status, scheduledAt, startedAt, createdAt }: Props["campaign"]) {
  if (status === "scheduled" && scheduledAt) return { words: "Starts", moment: scheduledAt };
  if (startedAt) return { words: "Started", moment: startedAt };
  return { words: "Created", moment: createdAt };
}
