import type { Route } from "next";
import Link from "next/link";
import { ResultBadge } from "@/components/events/result-badge";
import { Card } from "@/components/ui/card";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { ListedEvent } from "@/lib/event-console/queries";
import { kindOf } from "@/lib/event-console/words";
import { cn } from "@/lib/utils";

/** On a narrow screen the first column says it all. */
const WIDE = "hidden sm:table-cell";

export function EventTable({ events, timeZone }: { events: ListedEvent[]; timeZone: string }) {
  return (
    <Card>
      <Table label="Webhook events">
        <TableHeader>
          <TableRow>
            <TableHead>Received</TableHead>
            <TableHead className={WIDE}>Kind</TableHead>
            <TableHead className={WIDE}>About</TableHead>
            <TableHead>Result</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {events.map(({ id, receivedAt, eventType, about, result, errorMessage }) => (
            <TableRow key={id}>
              <TableCell>
                <Link
                  href={`/settings/events/${id}` as Route}
                  className="whitespace-nowrap font-medium tabular-nums hover:underline"
                >
                  <Time value={receivedAt} timeZone={timeZone} style="seconds" />
                </Link>
                <p className="wrap-anywhere sm:hidden">{kindOf(eventType)}</p>
                <p className="wrap-anywhere line-clamp-2 text-muted-foreground sm:hidden">{about}</p>
              </TableCell>
              <TableCell className={cn(WIDE, "max-w-56 truncate")}>{kindOf(eventType)}</TableCell>
              <TableCell className={cn(WIDE, "min-w-48 max-w-80")}>
                <p className="truncate text-muted-foreground">{about}</p>
              </TableCell>
              <TableCell className="max-w-40 align-top sm:min-w-40 sm:max-w-72 sm:align-middle">
                <ResultBadge result={result} />
                {result === "failed" && (
                  <p className="mt-1 line-clamp-2 text-muted-foreground text-xs">{errorMessage}</p>
                )}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  );
}
