import * as z from "zod";
import { type Schedule, scheduleSchema } from "@/lib/campaigns/schema";
import { toInstant } from "@/lib/campaigns/zoned-time";

/**
 * The fields of a date and a time on the clock of a time zone, and what is to happen when that is missed, turned into
 * what the API takes.
 */
export const scheduleFormSchema = (timeZone: string) =>
  z
    .object({
      date: z.string().min(1, "Choose a date"),
      time: z.string().min(1, "Choose a time"),
      missedSchedule: scheduleSchema.shape.missedSchedule.unwrap(),
      missedHours: z.number().or(z.nan()),
    })
    .superRefine(({ missedSchedule, missedHours }, context) => {
      if (missedSchedule !== "send_within") return;
      const message = scheduleSchema.shape.missedHours.safeParse(missedHours).error?.issues[0]?.message;
      if (message) context.addIssue({ code: "custom", path: ["missedHours"], message });
    })
    .transform(({ date, time, missedSchedule, missedHours }, context): Schedule => {
      const answer = (scheduledAt: string) => ({
        scheduledAt,
        missedSchedule,
        missedHours: missedSchedule === "send_within" ? missedHours : null,
      });
      const meant = toInstant(date, time, timeZone);
      const refuse = (message: string) => {
        context.addIssue({ code: "custom", path: ["time"], message });
        return z.NEVER;
      };
      switch (meant.kind) {
        case "unreadable":
          return refuse("Choose a date and a time");
        case "skipped":
          return refuse("Clocks go forward over this time, so it never comes. Choose another one.");
        case "instant":
          return meant.instant.getTime() > Date.now()
            ? answer(meant.instant.toISOString())
            : refuse("This time has passed. Choose one in the future.");
      }
    });
