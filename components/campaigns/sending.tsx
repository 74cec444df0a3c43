"use client";

import type { Route } from "next";
import Link from "next/link";
import { useRate } from "@/components/campaigns/use-rate";
import { Card, CardContent } from "@/components/ui/card";
import { Progress } from "@/components/ui/progress";
import { formatDuration, formatNumber, formatPercent } from "@/lib/campaigns/numbers";
import { secondsLeft } from "@/lib/campaigns/pace";
import type { CampaignProgress } from "@/lib/campaigns/queries";
import { statusWords } from "@/lib/campaigns/words";

type Props = { progress: CampaignProgress; measuredAt: number; messagesPerSecond: number };

/** How far sending is, how fast it goes and how long it still takes. Says so aloud at every tenth, not at every tick. */
export function Sending({ progress, measuredAt, messagesPerSecond }: Props) {
  const { id, status, canary, totalRecipients, states } = progress;
  const left = states.queued + states.sending;
  const done = totalRecipients - left;
  const rate = useRate(done, measuredAt);
  const seconds = secondsLeft(left, rate, messagesPerSecond);
  const tenths = totalRecipients > 0 ? Math.floor((10 * done) / totalRecipients) : 0;
  const isOpen = status === "processing" || (status === "paused" && left > 0);

  return (
    <>
      <p role="status" className="sr-only">
        {status === "processing" && totalRecipients > 0
          ? `Sending, ${tenths * 10}% done`
          : `Campaign: ${statusWords[status]}`}
      </p>
      {isOpen && (
        <Card>
          <CardContent className="grid gap-3">
            <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
              <p className="font-semibold text-base tabular-nums">{headingOf(progress, done)}</p>
              {status === "processing" && totalRecipients > 0 && !canary?.sentAt && (
                <p className="text-muted-foreground text-sm tabular-nums">
                  {rate !== null && `${formatNumber(Math.round(rate))} per second`}
                  {rate !== null && seconds !== null && " · "}
                  {seconds !== null && `about ${formatDuration(seconds)} left`}
                </p>
              )}
            </div>
            <Progress
              label="Sending"
              value={totalRecipients > 0 ? done : null}
              max={totalRecipients}
              valueText={`${formatNumber(done)} of ${formatNumber(totalRecipients)}`}
            />
            {totalRecipients > 0 && (
              <p className="text-muted-foreground text-sm tabular-nums">
                <Link
                  href={`/campaigns/${id}?state=queued#recipients` as Route}
                  className="underline underline-offset-4"
                >
                  {formatNumber(states.queued)} waiting
                </Link>
                {states.sending > 0 && `, ${formatNumber(states.sending)} on the way to WhatsApp`}
              </p>
            )}
          </CardContent>
        </Card>
      )}
    </>
  );
}

function headingOf({ status, totalRecipients }: CampaignProgress, done: number): string {
  if (totalRecipients === 0) return "Fixing the list of people…";
  const share = `${formatNumber(done)} of ${formatNumber(totalRecipients)} (${formatPercent(done, totalRecipients)})`;
  return status === "paused" ? `Paused at ${share}` : `Sending: ${share}`;
}
