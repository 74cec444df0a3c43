import { cn } from "@/lib/utils";

type Props = {
  label: string;
  /** Null while the length of the job is unknown. */
  value: number | null;
  max?: number | undefined;
  /** What a screen reader says instead of a percentage, such as "320 of 1,000 sent". */
  valueText?: string | undefined;
  className?: string | undefined;
};

export function Progress({ label, value, max = 100, valueText, className }: Props) {
  const share = value === null ? 0 : Math.min(1, Math.max(0, max > 0 ? value / max : 0));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value ?? undefined}
      aria-valuetext={valueText}
      className={cn(
        "h-2 w-full overflow-hidden rounded-full bg-muted ring-1 ring-border ring-inset",
        className,
      )}
    >
      <div
        className={cn(
          "h-full rounded-full bg-primary transition-[width] duration-300",
          value === null && "w-2/5 animate-indeterminate",
        )}
        style={value === null ? undefined : { width: `${share * 100}%` }}
      />
    </div>
  );
}
