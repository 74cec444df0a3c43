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
  const { id, status, totalRows, createdCount, updatedCount, unchangedCount, rejectedCount } = data;
  const done = createdCount + updatedCount + unchangedCount + rejectedCount;
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
            {rejectedCount === 0
              ? "Every row was read."
              : `${number.format(rejectedCount)} of ${number.format(totalRows)} rows could not be imported. The reasons are below.`}
          </Alert>
        )}
      </div>
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Stat
          label="Added"
          value={number.format(createdCount)}
          {...(createdCount > 0 && { href: `/contacts?import=${id}` as Route })}
        />
        <Stat label="Updated" value={number.format(updatedCount)} hint="Were contacts already" />
        <Stat label="Unchanged" value={number.format(unchangedCount)} hint="Nothing new in the file" />
        <Stat
          label="Rejected"
          value={number.format(rejectedCount)}
          {...(rejectedCount > 0 && { href: "#rejected" as Route })}
        />
      </div>
      {rejectedCount > 0 && <RejectedRows progress={data} />}
    </div>
  );
}
