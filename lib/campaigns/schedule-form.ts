import * as z from "zod";
import { toInstant } from "@/lib/campaigns/zoned-time";

/** The fields of a date and a time on the clock of a time zone, turned into the instant that the API takes. */
export const scheduleFormSchema = (timeZone: string) =>
  z
    .object({ date: z.string().min(1, "Choose a date"), time: z.string().min(1, "Choose a time") })
    .transform(({ date, time }, context) => {
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
            ? meant.instant.toISOString()
            : refuse("This time has passed. Choose one in the future.");
      }
    });
