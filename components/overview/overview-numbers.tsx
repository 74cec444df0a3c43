import { Stat } from "@/components/ui/stat";
import { formatNumber, formatPercent } from "@/lib/campaigns/numbers";

type Props = {
  people: { total: number; optedIn: number };
  totals: { campaigns: number; sent: number; delivered: number; read: number };
};

/** People and messages over all campaigns. Messages lead to the campaigns, where the people behind them are. */
export function OverviewNumbers({ people, totals }: Props) {
  const { campaigns, sent, delivered, read } = totals;
  const share = (count: number) => (sent > 0 ? `${formatPercent(count, sent)} of those sent` : null);
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-5">
      <Stat
        label="People opted in"
        value={formatNumber(people.optedIn)}
        hint={`of ${formatNumber(people.total)} contacts`}
        href="/contacts?consent=in"
        className="max-md:col-span-2"
      />
      <Stat label="Campaigns" value={formatNumber(campaigns)} href="/campaigns" />
      <Stat label="Messages sent" value={formatNumber(sent)} href="/campaigns" />
      <Stat label="Delivered" value={formatNumber(delivered)} hint={share(delivered)} href="/campaigns" />
      <Stat label="Read" value={formatNumber(read)} hint={share(read)} href="/campaigns" />
    </div>
  );
}
