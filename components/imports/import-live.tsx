"use client";

import { useQuery } from "@tanstack/react-query";
import type { Route } from "next";
import { ImportState } from "@/components/imports/import-state";
import { RejectedRows } from "@/components/imports/rejected-rows";
import { UndoImport } from "@/components/imports/undo-import";
import { Alert } from "@/components/ui/alert";
import { Stat } from "@/components/ui/stat";
import { type ImportProgress, importQuery } from "@/lib/imports/queries";
import { KEPT_DAYS } from "@/lib/imports/schema";

const number = new Intl.NumberFormat("en");

/** Progress while it runs, the result when it has ended. */
export function ImportLive({ initial }: { initial: ImportProgress }) {
  const { data, error } = useQuery({ ...importQuery(initial.id), initialData: initial });
  const { id, status, totalRows, createdCount, updatedCount, unchangedCount } = data;
  const { skippedCount, rejectedCount, duplicateCount } = data;
  const left = rejectedCount + duplicateCount;
  const done = createdCount + updatedCount + unchangedCount + skippedCount + left;
  const isRunning = status === "processing" || status === "undoing";
  const hasEnded = status === "completed" || status === "failed";
  const isFresh = Date.now() - Date.parse(data.completedAt ?? "") < KEPT_DAYS * 24 * 60 * 60 * 1000;
  const canUndo = hasEnded && isFresh && createdCount + updatedCount > 0;
  return (
    <div className="grid gap-5">
      {error && <Alert tone="warning">{error.message}</Alert>}
      {/* How it ends is announced; every step of the way would be too much. */}
      <div role="status" aria-live={isRunning ? "off" : "polite"}>
        <ImportState data={data} done={done} />
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
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-muted-foreground text-sm tabular-nums">
            Together {number.format(done)} rows
            {status === "failed" && ` of ${number.format(totalRows)}: the import stopped there`}.
          </p>
          {canUndo && <UndoImport id={id} fileName={data.fileName} />}
        </div>
      )}
      {left > 0 && <RejectedRows progress={data} />}
    </div>
  );
}
