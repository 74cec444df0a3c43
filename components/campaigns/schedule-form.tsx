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
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { formatTime } from "@/components/ui/time-format";
import { ApiError } from "@/lib/api-client";
import { scheduleCampaign } from "@/lib/campaigns/queries";
import { scheduleFormSchema } from "@/lib/campaigns/schedule-form";
import type { Schedule } from "@/lib/campaigns/schema";
import { formatOffset, toInstant, toWallClock } from "@/lib/campaigns/zoned-time";

type Props = {
  campaignId: string;
  scheduledAt: Date | null;
  missed: Pick<Schedule, "missedSchedule" | "missedHours">;
  timeZone: string;
  onDone: () => void;
};

const DAY_MS = 86_400_000;

const HOURS_PROPOSED = 3;

/** Tomorrow at nine, unless it has a time already. */
const proposal = (scheduledAt: Date | null, timeZone: string) =>
  scheduledAt
    ? toWallClock(scheduledAt, timeZone)
    : { date: toWallClock(new Date(Date.now() + DAY_MS), timeZone).date, time: "09:00" };

export function ScheduleForm({ campaignId, scheduledAt, missed, timeZone, onDone }: Props) {
  const act = useAct(campaignId);
  const form = useForm({
    resolver: zodResolver(scheduleFormSchema(timeZone)),
    defaultValues: {
      ...proposal(scheduledAt, timeZone),
      missedSchedule: missed.missedSchedule,
      missedHours: missed.missedHours ?? HOURS_PROPOSED,
    },
  });
  const schedule = useMutation({
    mutationFn: (chosen: Schedule) =>
      act(() => scheduleCampaign(campaignId, chosen), `It starts ${inWords(chosen.scheduledAt, timeZone)}.`),
    onSuccess: onDone,
    onError: (error) => {
      const late = error instanceof ApiError ? error.fields.scheduledAt?.[0] : undefined;
      form.setError(late ? "time" : "root", { message: late ?? error.message });
    },
  });
  const { date = "", time = "", missedSchedule } = useWatch({ control: form.control });
  const { errors } = form.formState;
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) =>
    form.handleSubmit((chosen) => schedule.mutate(chosen))(event);

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
      <RadioGroup
        legend="If Campanile is not running then"
        hint="Because the server is off, for example. Up to five minutes late is on time."
      >
        <RadioItem value="send" label="Send it as soon as possible" {...form.register("missedSchedule")} />
        <RadioItem
          value="send_within"
          label="Send it only within some hours"
          description="Later than that it waits for you."
          {...form.register("missedSchedule")}
        />
        {missedSchedule === "send_within" && (
          <Field label="At most this many hours late" error={errors.missedHours?.message} className="pl-9">
            <Input
              type="number"
              inputMode="numeric"
              min={1}
              max={168}
              className="w-28"
              {...form.register("missedHours", { valueAsNumber: true })}
            />
          </Field>
        )}
        <RadioItem
          value="hold"
          label="Ask me first"
          description="It waits until you send it, choose another time or cancel it."
          {...form.register("missedSchedule")}
        />
      </RadioGroup>
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
