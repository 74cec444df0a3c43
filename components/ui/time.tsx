import { RelativeTime } from "@/components/ui/relative-time";
import { formatTime } from "@/components/ui/time-format";

type Props = {
  value: Date | string;
  /** An IANA name, such as "Europe/Rome". */
  timeZone: string;
  style?: "time" | "date" | "datetime" | "seconds" | "relative" | undefined;
  /** Writes the zone behind the time, where people plan by it. */
  withZone?: boolean | undefined;
  className?: string | undefined;
};

/** A moment in the account's time zone, which the title names. */
export function Time({ value, timeZone, style = "datetime", withZone, className }: Props) {
  const moment = new Date(value);
  const shared = {
    dateTime: moment.toISOString(),
    title: `${formatTime(moment, timeZone, "full")} (${timeZone})`,
    className,
  };
  if (style === "relative") return <RelativeTime {...shared} />;
  return (
    <time {...shared}>
      {formatTime(moment, timeZone, style)}
      {withZone && ` ${timeZone}`}
    </time>
  );
}
