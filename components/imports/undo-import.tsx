"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { importQuery, undoCheckQuery, undoImport } from "@/lib/imports/queries";

const number = new Intl.NumberFormat("en");
const people = (count: number, one: string, many: string) =>
  `${number.format(count)} ${count === 1 ? one : many}`;

/** Says what undoing would do before it asks whether to. */
export function UndoImport({ id, fileName }: { id: string; fileName: string }) {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useQuery({ ...undoCheckQuery(id), enabled: isOpen });
  return (
    <ConfirmDialog
      open={isOpen}
      onOpenChange={setOpen}
      trigger={
        <Button variant="secondary">
          <Undo2 aria-hidden />
          Undo this import
        </Button>
      }
      title={`Undo the import of ${fileName}?`}
      confirmLabel="Undo import"
      cancelLabel="Keep it"
      tone="danger"
      onConfirm={async () => {
        await undoImport(id);
        await queries.invalidateQueries(importQuery(id));
      }}
    >
      <div className="grid gap-3" aria-live="polite">
        {error && <Alert tone="danger">{error.message}</Alert>}
        {!data && !error && <p>Looking at who was used since…</p>}
        {data && (
          <ul className="grid list-disc gap-1 pl-5">
            {(data.created > 0 || data.changed + data.kept === 0) && (
              <li>
                {people(data.created, "person who was", "people who were")} added by it will be removed, with
                the consent it recorded.
              </li>
            )}
            {data.changed > 0 && (
              <li>
                {people(data.changed, "person", "people")} it updated will be as before. What was recorded
                about their consent stays in their history and no longer counts.
              </li>
            )}
            {data.kept > 0 && (
              <li>
                {people(data.kept, "person", "people")} will be left as they are, because messages were
                exchanged, their consent changed, somebody edited them or a newer import changed them. You get
                a list.
              </li>
            )}
          </ul>
        )}
        <p>This cannot be taken back, but the file can be imported again.</p>
      </div>
    </ConfirmDialog>
  );
}
