"use client";

import { Pencil } from "lucide-react";
import Link from "next/link";
import {
  CancelButton,
  DeleteButton,
  PauseButton,
  ResumeButton,
  TakeBackButton,
} from "@/components/campaigns/act-buttons";
import { RecountMenu } from "@/components/campaigns/recount";
import { ScheduleDialog } from "@/components/campaigns/schedule-dialog";
import { SendNow } from "@/components/campaigns/send-now";
import { Button } from "@/components/ui/button";
import type { CampaignCheck } from "@/lib/campaigns/queries";
import type { Schedule } from "@/lib/campaigns/schema";
import type { CampaignStatus } from "@/lib/db/generated/enums";

type Props = {
  campaign: {
    id: string;
    name: string;
    status: CampaignStatus;
    scheduledAt: Date | null;
    startedAt: Date | null;
  } & Pick<Schedule, "missedSchedule" | "missedHours">;
  templateName: string;
  /** Of a campaign that has not started. */
  check: CampaignCheck | null;
  sender: string | null;
  timeZone: string;
};

/** What can be done with a campaign in its state. */
export function CampaignActions({ campaign, templateName, check, sender, timeZone }: Props) {
  const { id, status, scheduledAt, startedAt } = campaign;
  const send = <SendNow campaignId={id} templateName={templateName} check={check} sender={sender} />;
  const schedule = (
    <ScheduleDialog
      campaignId={id}
      scheduledAt={status === "scheduled" ? scheduledAt : null}
      missed={campaign}
      timeZone={timeZone}
      disabled={check !== null && check.problems.length > 0}
    />
  );
  switch (status) {
    case "draft":
      return (
        <>
          <DeleteButton campaign={campaign} />
          <Button variant="secondary" asChild>
            <Link href={`/campaigns/${id}/edit`}>
              <Pencil aria-hidden />
              Edit
            </Link>
          </Button>
          {schedule}
          {send}
        </>
      );
    case "scheduled":
      return (
        <>
          <CancelButton campaign={campaign} />
          <TakeBackButton campaign={campaign} />
          {schedule}
          {send}
        </>
      );
    case "processing":
      return (
        <>
          <RecountMenu campaignId={id} />
          <CancelButton campaign={campaign} />
          <PauseButton campaign={campaign} />
        </>
      );
    case "paused":
      return startedAt === null ? (
        <>
          <CancelButton campaign={campaign} />
          {schedule}
          {send}
        </>
      ) : (
        <>
          <RecountMenu campaignId={id} />
          <CancelButton campaign={campaign} />
          <ResumeButton campaign={campaign} />
        </>
      );
    default:
      return (
        <>
          {startedAt && <RecountMenu campaignId={id} />}
          <DeleteButton campaign={campaign} />
        </>
      );
  }
}
