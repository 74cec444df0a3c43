"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardContent } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Progress } from "@/components/ui/progress";
import { Time } from "@/components/ui/time";
import { latestReplayQuery, type Replay, stopReplay } from "@/lib/replays/queries";

const number = new Intl.NumberFormat("en");
const events = (count: number) => (count === 1 ? "1 event" : `${number.format(count)} events`);

/** How far the latest replay is, and for a day what came of it. */
export function ReplayCard({ replay: initial, timeZone }: { replay: Replay; timeZone: string }) {
  const router = useRouter();
  const { data, refetch } = useQuery({ ...latestReplayQuery(), initialData: initial });
  const replay = data ?? initial;
  const hasEnded = initial.status === "running" && replay.status !== "running";
  useEffect(() => {
    if (hasEnded) router.refresh();
  }, [hasEnded, router]);

  if (replay.status !== "running") return <Ended replay={replay} timeZone={timeZone} />;
  const done = `${number.format(replay.doneCount)} of ${events(replay.totalCount)}`;
  return (
    <Card className="mb-4">
      <CardContent className="grid gap-3">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p>
            <span className="font-semibold">Processing again: </span>
            {done}
            {replay.failedCount > 0 && `, ${number.format(replay.failedCount)} could not be processed`}
          </p>
          <ConfirmDialog
            trigger={
              <Button variant="secondary" size="sm">
                Stop
              </Button>
            }
            title="Stop processing these events again?"
            confirmLabel="Stop"
            cancelLabel="Go on"
            onConfirm={async () => {
              await stopReplay(replay.id);
              await refetch();
            }}
          >
            What has been processed stays so. The rest is left as it is; you can start again at any time.
          </ConfirmDialog>
        </div>
        <Progress
          label="Events processed again"
          value={replay.doneCount}
          max={replay.totalCount}
          valueText={done}
        />
      </CardContent>
    </Card>
  );
}

function Ended({ replay, timeZone }: { replay: Replay; timeZone: string }) {
  const { status, doneCount, failedCount, errorMessage, completedAt } = replay;
  const isGood = status === "completed" && failedCount === 0;
  return (
    <Alert tone={isGood ? "success" : status === "failed" ? "danger" : "warning"} className="mb-4">
      {status === "stopped" && "Stopped. "}
      Processed {events(doneCount)} again
      {failedCount > 0 ? `; ${number.format(failedCount)} of them could not be processed. ` : ". "}
      {errorMessage}{" "}
      {completedAt && (
        <Time value={completedAt} timeZone={timeZone} style="relative" className="text-muted-foreground" />
      )}
    </Alert>
  );
}
