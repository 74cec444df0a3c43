"use client";

import { CalendarClock } from "lucide-react";
import { useState } from "react";
import { ScheduleForm } from "@/components/campaigns/schedule-form";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import type { Schedule } from "@/lib/campaigns/schema";

type Props = {
  campaignId: string;
  missed: Pick<Schedule, "missedSchedule" | "missedHours">;
  /** When it is scheduled already. */
  scheduledAt: Date | null;
  timeZone: string;
  disabled: boolean;
};

export function ScheduleDialog({ campaignId, scheduledAt, missed, timeZone, disabled }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog open={isOpen} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="secondary" disabled={disabled}>
          <CalendarClock aria-hidden />
          {scheduledAt ? "Reschedule" : "Schedule"}
        </Button>
      </DialogTrigger>
      <DialogContent
        size="sm"
        title={scheduledAt ? "Choose another time" : "When should it start?"}
        description={`In your account's time zone, ${timeZone}.`}
      >
        <ScheduleForm
          campaignId={campaignId}
          scheduledAt={scheduledAt}
          missed={missed}
          timeZone={timeZone}
          onDone={() => setOpen(false)}
        />
      </DialogContent>
    </Dialog>
  );
}
