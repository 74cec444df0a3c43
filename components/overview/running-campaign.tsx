"use client";

import Link from "next/link";
import { CampaignStatusBadge } from "@/components/campaigns/campaign-status-badge";
import { useCampaignProgress } from "@/components/campaigns/use-campaign-progress";
import { Card, CardContent } from "@/components/ui/card";
import { Progress } from "@/components/ui/progress";
import { formatNumber, formatPeople } from "@/lib/campaigns/numbers";
import type { CampaignProgress } from "@/lib/campaigns/queries";

type Props = { name: string; progress: CampaignProgress };

export function RunningCampaign({ name, progress: initial }: Props) {
  const { data } = useCampaignProgress(initial);
  const { id, status, pauseReason, totalRecipients, deliveredCount, readCount, states } = data;
  const done = totalRecipients - states.queued - states.sending;
  return (
    <Card>
      <CardContent className="grid gap-3">
        <div className="flex items-center justify-between gap-4">
          <Link
            href={`/campaigns/${id}`}
            className="min-w-0 truncate font-semibold text-base underline-offset-4 hover:underline"
          >
            {name}
          </Link>
          <CampaignStatusBadge status={status} />
        </div>
        <Progress
          label={`Sending of ${name}`}
          value={totalRecipients > 0 ? done : null}
          max={totalRecipients}
          valueText={`${formatNumber(done)} of ${formatNumber(totalRecipients)}`}
        />
        <p className="text-muted-foreground text-sm tabular-nums">
          {totalRecipients === 0
            ? "Fixing the list of people…"
            : `${formatNumber(done)} of ${formatPeople(totalRecipients)} · ${formatNumber(deliveredCount)} delivered · ${formatNumber(readCount)} read`}
        </p>
        {status === "paused" && pauseReason && <p className="text-sm text-warning">{pauseReason}</p>}
      </CardContent>
    </Card>
  );
}
