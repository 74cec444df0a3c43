import { Fragment } from "react";
import { Time } from "@/components/ui/time";
import type { CampaignStatus } from "@/lib/db/generated/enums";

type Props = {
  campaign: {
    status: CampaignStatus;
    createdAt: Date;
    startedAt: Date | null;
    completedAt: Date | null;
  };
  timeZone: string;
};

/** What happened when, in the account's time zone, which is named. */
export function CampaignTimes({ campaign, timeZone }: Props) {
  const { status, createdAt, startedAt, completedAt } = campaign;
  const moments = [
    { words: "Created", moment: startedAt ? null : createdAt },
    { words: "Started", moment: startedAt },
    { words: status === "canceled" ? "Canceled" : "Completed", moment: completedAt },
  ];
  return (
    <>
      {moments.map(
        ({ words, moment }) =>
          moment && (
            <Fragment key={words}>
              {words} <Time value={moment} timeZone={timeZone} />
              {" · "}
            </Fragment>
          ),
      )}
      {timeZone}
    </>
  );
}
