"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { EventSubjects } from "@/components/events/event-subjects";
import { Payload } from "@/components/events/payload";
import { ResultBadge } from "@/components/events/result-badge";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardFooter, CardHeader, CardTitle } from "@/components/ui/card";
import { Time } from "@/components/ui/time";
import { type EventReport, eventQuery, replayEvent } from "@/lib/event-console/queries";
import { explainResult, kindOf, NOT_REPEATED } from "@/lib/event-console/words";

type Props = { event: EventReport; timeZone: string };

/** One event, followed until it is processed. */
export function EventReportView({ event: initial, timeZone }: Props) {
  const { data: event, error, refetch } = useQuery({ ...eventQuery(initial.id), initialData: initial });
  const replay = useMutation({ mutationFn: () => replayEvent(initial.id), onSuccess: () => refetch() });
  const failure = replay.error ?? error;
  const isPending = replay.isPending || event.result === "pending";
  return (
    <div className="grid gap-5">
      <Card>
        <CardHeader>
          <CardTitle>What came of it</CardTitle>
        </CardHeader>
        <CardContent className="grid gap-4">
          {failure && (
            <Alert tone="danger" announce>
              {failure.message}
            </Alert>
          )}
          <div role="status" className="grid gap-1">
            <div>
              <ResultBadge result={event.result} />
            </div>
            <p>{explainResult(event)}</p>
          </div>
          <dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[10rem_minmax(0,1fr)]">
            <dt className="text-muted-foreground">Received</dt>
            <dd>
              <Time value={event.receivedAt} timeZone={timeZone} style="seconds" />
            </dd>
            {event.processedAt && (
              <>
                <dt className="text-muted-foreground">
                  {event.result === "processed" ? "Processed" : "Last tried"}
                </dt>
                <dd>
                  <Time value={event.processedAt} timeZone={timeZone} style="seconds" />
                </dd>
              </>
            )}
            <dt className="text-muted-foreground">Kind</dt>
            <dd className="wrap-anywhere">
              {kindOf(event.eventType)} <code className="font-mono text-xs">{event.eventType}</code>
            </dd>
          </dl>
        </CardContent>
        <CardFooter>
          {event.isRepeatable && (
            <Button variant="secondary" loading={isPending} onClick={() => replay.mutate()}>
              <RotateCcw aria-hidden />
              Process again
            </Button>
          )}
          <p className="text-muted-foreground text-sm">
            {event.isRepeatable ? "Nobody is sent anything, and nothing is counted twice." : NOT_REPEATED}
          </p>
        </CardFooter>
      </Card>
      <EventSubjects event={event} />
      <Payload id={event.id} payload={event.payload} />
    </div>
  );
}
