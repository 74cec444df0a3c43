import { formatNumber, formatPercent } from "@/lib/campaigns/numbers";

/** A number with what part of the whole it is. */
export function Share({ count, of }: { count: number; of: number }) {
  return (
    <>
      {formatNumber(count)}
      {of > 0 && <span className="ml-1.5 text-muted-foreground text-xs">{formatPercent(count, of)}</span>}
    </>
  );
}
