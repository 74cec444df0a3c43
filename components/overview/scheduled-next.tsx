import Link from "next/link";
import { Countdown } from "@/components/campaigns/countdown";
import { Card } from "@/components/ui/card";
import { Time } from "@/components/ui/time";

type Props = {
  campaigns: { id: string; name: string; scheduledAt: Date | null; template: { name: string } | null }[];
  timeZone: string;
};

export function ScheduledNext({ campaigns, timeZone }: Props) {
  return (
    <Card>
      <ul className="divide-y">
        {campaigns.map(({ id, name, scheduledAt, template }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 px-4 py-3">
            <div className="min-w-0">
              <Link href={`/campaigns/${id}`} className="block truncate font-medium hover:underline">
                {name}
              </Link>
              <p className="truncate text-muted-foreground text-xs">{template?.name}</p>
            </div>
            {scheduledAt && (
              <p className="text-sm">
                <Time value={scheduledAt} timeZone={timeZone} />{" "}
                <span className="text-muted-foreground">
                  <Countdown until={scheduledAt} />
                </span>
              </p>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
