"use client";

import type { Route } from "next";
import { CampaignReason } from "@/components/campaigns/campaign-reason";
import { CanaryCard } from "@/components/campaigns/canary-card";
import { FailedAlert } from "@/components/campaigns/failed-alert";
import { HeldAlert } from "@/components/campaigns/held-alert";
import { LimitAlert } from "@/components/campaigns/limit-alert";
import { Sending } from "@/components/campaigns/sending";
import { UnknownAlert } from "@/components/campaigns/unknown-alert";
import { useCampaignProgress } from "@/components/campaigns/use-campaign-progress";
import { Alert } from "@/components/ui/alert";
import { Card, CardContent } from "@/components/ui/card";
import { StackedBar } from "@/components/ui/stacked-bar";
import { Stat } from "@/components/ui/stat";
import { formatNumber, formatPeople, formatPercent } from "@/lib/campaigns/numbers";
import type { CampaignProgress } from "@/lib/campaigns/queries";
import type { RecipientState } from "@/lib/campaigns/words";

type Props = { progress: CampaignProgress; messagesPerSecond: number; timeZone: string };

/** The funnel of a campaign that has started, kept up to date. */
export function CampaignLive({ progress: initial, messagesPerSecond, timeZone }: Props) {
  const { data, error, dataUpdatedAt } = useCampaignProgress(initial);
  const { id, totalRecipients, sentCount, deliveredCount, readCount, failedCount, states } = data;
  const href = (state: RecipientState) => `/campaigns/${id}?state=${state}#recipients` as Route;
  const share = (count: number) =>
    totalRecipients > 0
      ? `${formatPercent(count, totalRecipients)} of ${formatPeople(totalRecipients)}`
      : null;
  const stats = [
    { label: "Sent", count: sentCount, state: "reached_sent" },
    { label: "Delivered", count: deliveredCount, state: "reached_delivered" },
    { label: "Read", count: readCount, state: "read" },
    { label: "Failed", count: failedCount, state: "reached_failed" },
  ] as const;

  return (
    <div className="grid gap-5">
      <CampaignReason progress={data} />
      {error && (
        <Alert tone="warning" title="These numbers may be out of date">
          {error.message}
        </Alert>
      )}
      <CanaryCard progress={data} timeZone={timeZone} />
      <LimitAlert progress={data} timeZone={timeZone} />
      <Sending progress={data} measuredAt={dataUpdatedAt} messagesPerSecond={messagesPerSecond} />
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        {stats.map(({ label, count, state }) => (
          <Stat
            key={label}
            label={label}
            value={formatNumber(count)}
            hint={share(count)}
            href={href(state)}
          />
        ))}
      </div>
      {totalRecipients > 0 && (
        <Card>
          <CardContent>
            <StackedBar
              label="Where everybody is now"
              total={totalRecipients}
              segments={[
                { label: "Read", value: states.read, tone: "progress-3", href: href("read") },
                {
                  label: "Delivered, not read yet",
                  value: states.delivered,
                  tone: "progress-2",
                  href: href("delivered"),
                },
                {
                  label: "Sent, not delivered yet",
                  value: states.sent,
                  tone: "progress-1",
                  href: href("sent"),
                },
                ...[
                  { label: "Failed", value: states.failed, tone: "danger", href: href("failed") } as const,
                  {
                    label: "Held by WhatsApp",
                    value: states.held,
                    tone: "warning",
                    href: href("held"),
                  } as const,
                  {
                    label: "Not known",
                    value: states.unknown,
                    tone: "warning",
                    href: href("unknown"),
                  } as const,
                  {
                    label: "Skipped",
                    value: states.skipped,
                    tone: "neutral",
                    href: href("skipped"),
                  } as const,
                ].filter(({ value }) => value > 0),
              ]}
            />
          </CardContent>
        </Card>
      )}
      {states.held > 0 && <HeldAlert progress={data} />}
      {states.unknown > 0 && <UnknownAlert progress={data} />}
      <FailedAlert progress={data} />
    </div>
  );
}
