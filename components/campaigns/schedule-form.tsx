"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import type { SubmitEvent } from "react";
import { useForm, useWatch } from "react-hook-form";
import { useAct } from "@/components/campaigns/use-act";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { formatTime } from "@/components/ui/time-format";
import { ApiError } from "@/lib/api-client";
import { scheduleCampaign } from "@/lib/campaigns/queries";
import { scheduleFormSchema } from "@/lib/campaigns/schedule-form";
import { formatOffset, toInstant, toWallClock } from "@/lib/campaigns/zoned-time";

type Props = { campaignId: string; scheduledAt: Date | null; timeZone: string; onDone: () => void };

const DAY_MS = 86_400_000;

/** Tomorrow at nine, unless it has a time already. */
const proposal = (scheduledAt: Date | null, timeZone: string) =>
  scheduledAt
    ? toWallClock(scheduledAt, timeZone)
    : { date: toWallClock(new Date(Date.now() + DAY_MS), timeZone).date, time: "09:00" };

export function ScheduleForm({ campaignId, scheduledAt, timeZone, onDone }: Props) {
  const act = useAct(campaignId);
  const form = useForm({
    resolver: zodResolver(scheduleFormSchema(timeZone)),
    defaultValues: proposal(scheduledAt, timeZone),
  });
  const schedule = useMutation({
    mutationFn: (instant: string) =>
      act(() => scheduleCampaign(campaignId, instant), `It starts ${inWords(instant, timeZone)}.`),
    onSuccess: onDone,
    onError: (error) => {
      const late = error instanceof ApiError ? error.fields.scheduledAt?.[0] : undefined;
      form.setError(late ? "time" : "root", { message: late ?? error.message });
    },
  });
  const { date = "", time = "" } = useWatch({ control: form.control });
  const { errors } = form.formState;
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) =>
    form.handleSubmit((instant) => schedule.mutate(instant))(event);

  return (
    <form noValidate onSubmit={onSubmit} className="grid gap-4">
      {errors.root && (
        <Alert tone="danger" announce>
          {errors.root.message}
        </Alert>
      )}
      <div className="grid grid-cols-2 gap-4">
        <Field label="Date" error={errors.date?.message}>
          <Input
            type="date"
            min={toWallClock(new Date(), timeZone).date}
            required
            {...form.register("date", { deps: ["time"] })}
          />
        </Field>
        <Field label="Time" error={errors.time?.message}>
          <Input type="time" required {...form.register("time")} />
        </Field>
      </div>
      <p role="status" className="text-muted-foreground text-sm">
        <Meaning date={date} time={time} timeZone={timeZone} />
      </p>
      <DialogFooter>
        <Button type="submit" loading={schedule.isPending}>
          Schedule
        </Button>
      </DialogFooter>
    </form>
  );
}

const inWords = (instant: string | Date, timeZone: string) =>
  `${formatTime(new Date(instant), timeZone, "full")} (${timeZone})`;

/** Says which moment is meant, so that nobody has to think about time zones. */
function Meaning({ date, time, timeZone }: { date: string; time: string; timeZone: string }) {
  const meant = toInstant(date, time, timeZone);
  if (meant.kind !== "instant") return null;
  const offset = formatOffset(meant.instant, timeZone);
  return (
    <>
      Starts {formatTime(meant.instant, timeZone, "full")} ({timeZone}, {offset}).
      {meant.isTwice && " Clocks go back then and show this time twice: the first one counts."}
    </>
  );
}
