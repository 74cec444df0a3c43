"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { EventTable } from "@/components/events/event-table";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { type EventPage, newestEventsQuery } from "@/lib/event-console/queries";
import type { EventQuery } from "@/lib/event-console/schema";

type Props = { query: EventQuery; page: EventPage; timeZone: string };

/**
 * The newest events. What becomes of them is kept up to date; what comes in meanwhile waits until the owner wants to see
 * it, so that no row moves away under the mouse.
 */
export function NewestEvents({ query, page, timeZone }: Props) {
  const router = useRouter();
  const { data, error } = useQuery({ ...newestEventsQuery(query), initialData: page });
  const newest = page.items[0]?.id ?? "";
  const latest = new Map(data.items.map((event) => [event.id, event]));
  const arrived = data.items.filter(({ id }) => id > newest).length;

  return (
    <div className="grid gap-3">
      {error && (
        <Alert tone="warning" title="This list may be out of date">
          {error.message}
        </Alert>
      )}
      <div role="status" className="empty:hidden">
        {arrived > 0 && (
          <Button variant="secondary" className="w-full" onClick={() => router.refresh()}>
            {arrived === data.items.length
              ? "Many events have arrived"
              : `${arrived} ${arrived === 1 ? "event has" : "events have"} arrived`}
            : show
          </Button>
        )}
      </div>
      <EventTable events={page.items.map((event) => latest.get(event.id) ?? event)} timeZone={timeZone} />
    </div>
  );
}
