"use client";

import { CalendarClock } from "lucide-react";
import { Countdown } from "@/components/campaigns/countdown";
import { useCampaignProgress } from "@/components/campaigns/use-campaign-progress";
import { Card, CardContent } from "@/components/ui/card";
import { formatTime } from "@/components/ui/time-format";
import type { CampaignProgress } from "@/lib/campaigns/queries";

type Props = { progress: CampaignProgress; timeZone: string };

export function ScheduledCard({ progress, timeZone }: Props) {
  const { data } = useCampaignProgress(progress);
  if (!data.scheduledAt) return null;
  const start = new Date(data.scheduledAt);
  return (
    <Card>
      <CardContent className="flex items-center gap-4">
        <span className="grid size-11 shrink-0 place-items-center rounded-full bg-info-soft text-info">
          <CalendarClock aria-hidden className="size-5" />
        </span>
        <div className="grid gap-0.5">
          <p className="font-semibold text-base">
            Starts <time dateTime={start.toISOString()}>{formatTime(start, timeZone, "full")}</time>
          </p>
          <p className="text-muted-foreground text-sm">
            {timeZone} · <Countdown until={start} />
          </p>
        </div>
      </CardContent>
    </Card>
  );
}
