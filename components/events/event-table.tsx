import type { Route } from "next";
import Link from "next/link";
import { ResultBadge } from "@/components/events/result-badge";
import { Card } from "@/components/ui/card";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { ListedEvent } from "@/lib/event-console/queries";
import { kindOf } from "@/lib/event-console/words";

export function EventTable({ events, timeZone }: { events: ListedEvent[]; timeZone: string }) {
  return (
    <Card>
      <Table label="Webhook events">
        <TableHeader>
          <TableRow>
            <TableHead>Received</TableHead>
            <TableHead>Kind</TableHead>
            <TableHead>About</TableHead>
            <TableHead>Result</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {events.map(({ id, receivedAt, eventType, about, result, errorMessage }) => (
            <TableRow key={id}>
              <TableCell className="whitespace-nowrap tabular-nums">
                <Link href={`/settings/events/${id}` as Route} className="font-medium hover:underline">
                  <Time value={receivedAt} timeZone={timeZone} style="seconds" />
                </Link>
              </TableCell>
              <TableCell className="whitespace-nowrap">{kindOf(eventType)}</TableCell>
              <TableCell className="min-w-48 max-w-80">
                <p className="truncate text-muted-foreground">{about}</p>
              </TableCell>
              <TableCell className="min-w-40 max-w-72">
                <ResultBadge result={result} />
                {result === "failed" && (
                  <p className="mt-1 truncate text-muted-foreground text-xs">{errorMessage}</p>
                )}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  );
}
