"use client";

import { useQuery } from "@tanstack/react-query";
import type { Route } from "next";
import Link from "next/link";
import { RejectedRows } from "@/components/imports/rejected-rows";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardContent } from "@/components/ui/card";
import { Progress } from "@/components/ui/progress";
import { Stat } from "@/components/ui/stat";
import { type ImportProgress, importQuery } from "@/lib/imports/queries";

const number = new Intl.NumberFormat("en");

/** Progress while it runs, the result when it has ended. */
export function ImportLive({ initial }: { initial: ImportProgress }) {
  const { data, error } = useQuery({ ...importQuery(initial.id), initialData: initial });
  const { id, status, totalRows, createdCount, updatedCount, unchangedCount } = data;
  const { skippedCount, rejectedCount, duplicateCount } = data;
  const left = rejectedCount + duplicateCount;
  const done = createdCount + updatedCount + unchangedCount + skippedCount + left;
  return (
    <div className="grid gap-5">
      {error && <Alert tone="warning">{error.message}</Alert>}
      <div role="status">
        {status === "processing" && (
          <Card>
            <CardContent className="grid gap-2">
              <p className="text-sm tabular-nums">
                {number.format(done)} of {number.format(totalRows)} rows. You can leave this page, it goes on.
              </p>
              <Progress
                label="Import"
                value={done}
                max={totalRows}
                valueText={`${number.format(done)} of ${number.format(totalRows)} rows`}
              />
            </CardContent>
          </Card>
        )}
        {status === "failed" && (
          <Alert
            tone="danger"
            title="The import stopped"
            action={
              <Button asChild variant="secondary" size="sm">
                <Link href="/contacts/import">Upload the file again</Link>
              </Button>
            }
          >
            {data.errorMessage} Whoever was imported until then is among your contacts; importing them again
            does no harm.
          </Alert>
        )}
        {status === "completed" && (
          <Alert tone={rejectedCount > 0 ? "warning" : "success"} title="The import is done">
            {left === 0
              ? `All ${number.format(totalRows)} rows were imported.`
              : `${number.format(left)} of ${number.format(totalRows)} rows were not imported. The reasons are below.`}
          </Alert>
        )}
      </div>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-6">
        <Stat
          label="Added"
          value={number.format(createdCount)}
          hint="Were no contacts before"
          href={createdCount > 0 ? (`/contacts?import=${id}` as Route) : undefined}
        />
        <Stat
          label="Updated"
          value={number.format(updatedCount)}
          hint="Were contacts already"
          href={updatedCount > 0 ? (`/contacts/imports/${id}/people` as Route) : undefined}
        />
        <Stat label="Unchanged" value={number.format(unchangedCount)} hint="Nothing new in the file" />
        <Stat label="Left alone" value={number.format(skippedCount)} hint="Contacts, and you chose so" />
        <Stat
          label="Rejected"
          value={number.format(rejectedCount)}
          hint="No usable number, or too long"
          href={rejectedCount > 0 ? ("#rejected" as Route) : undefined}
        />
        <Stat
          label="Duplicates"
          value={number.format(duplicateCount)}
          hint="Another row has the number"
          href={duplicateCount > 0 ? ("#rejected" as Route) : undefined}
        />
      </div>
      {status !== "processing" && (
        <p className="text-muted-foreground text-sm tabular-nums">
          Together {number.format(done)} rows
          {status === "failed" && ` of ${number.format(totalRows)}: the import stopped there`}.
        </p>
      )}
      {left > 0 && <RejectedRows progress={data} />}
    </div>
  );
}
