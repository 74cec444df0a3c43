import { formatNumber, formatPercent } from "@/lib/campaigns/numbers";

/** A number with what part of the whole it is; a dash while there is no whole. */
export function Share({ count, of }: { count: number; of: number }) {
  if (of === 0) return "–";
  return (
    <>
      {formatNumber(count)}
      <span className="ml-1.5 text-muted-foreground text-xs">{formatPercent(count, of)}</span>
    </>
  );
}
