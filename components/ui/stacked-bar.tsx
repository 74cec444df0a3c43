import type { Route } from "next";
import Link from "next/link";
import { cn } from "@/lib/utils";

/** The three steps of progress are one colour growing stronger: sent, delivered, read. */
const fills = {
  neutral: "bg-border-strong",
  "progress-1": "bg-progress-1",
  "progress-2": "bg-progress-2",
  "progress-3": "bg-progress-3",
  primary: "bg-primary",
  info: "bg-info",
  success: "bg-success",
  warning: "bg-warning",
  danger: "bg-danger",
};

export type StackedBarSegment = {
  label: string;
  value: number;
  tone: keyof typeof fills;
  /** The people behind the number. */
  href?: Route | undefined;
};

type Props = {
  label: string;
  segments: StackedBarSegment[];
  /** What the whole width stands for; the sum of the segments unless given. */
  total?: number | undefined;
  hideLegend?: boolean | undefined;
  className?: string | undefined;
};

const number = new Intl.NumberFormat("en");

/** Parts of a whole. The legend says the same in words and numbers; without it the bar's own name does. */
export function StackedBar({ label, segments, total, hideLegend, className }: Props) {
  const whole = Math.max(
    total ?? 0,
    segments.reduce((sum, { value }) => sum + value, 0),
    1,
  );
  const text = segments.map((segment) => `${segment.label} ${number.format(segment.value)}`).join(", ");
  return (
    <div className={cn("grid gap-3", className)}>
      <div
        role="img"
        aria-label={`${label}: ${text}`}
        className="flex h-2.5 w-full gap-0.5 overflow-hidden rounded-full bg-muted ring-1 ring-border ring-inset"
      >
        {segments
          .filter(({ value }) => value > 0)
          .map((segment) => (
            <div
              key={segment.label}
              className={cn("h-full min-w-0.5 transition-[width] duration-300", fills[segment.tone])}
              style={{ width: `${(segment.value / whole) * 100}%` }}
            />
          ))}
      </div>
      {!hideLegend && (
        <ul className="flex flex-wrap gap-x-5 gap-y-1.5 text-sm">
          {segments.map((segment) => (
            <LegendItem key={segment.label} {...segment} />
          ))}
        </ul>
      )}
    </div>
  );
}

function LegendItem({ label, value, tone, href }: StackedBarSegment) {
  const content = (
    <>
      <span aria-hidden className={cn("size-2.5 rounded-sm", fills[tone])} />
      <span className="text-muted-foreground">{label}</span>
      <span className="font-medium tabular-nums">{number.format(value)}</span>
    </>
  );
  const classes = "inline-flex items-center gap-1.5 rounded-sm";
  return (
    <li>
      {href ? (
        <Link href={href} className={cn(classes, "underline-offset-4 hover:underline")}>
          {content}
        </Link>
      ) : (
        <span className={classes}>{content}</span>
      )}
    </li>
  );
}
