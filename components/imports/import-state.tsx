import type { Route } from "next";
import Link from "next/link";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardContent } from "@/components/ui/card";
import { Progress } from "@/components/ui/progress";
import type { ImportProgress } from "@/lib/imports/queries";

const number = new Intl.NumberFormat("en");
const people = (count: number) => `${number.format(count)} ${count === 1 ? "person" : "people"}`;

/** What is happening to an import, or has become of it. */
export function ImportState({ data, done }: { data: ImportProgress; done: number }) {
  const { id, status, totalRows, rejectedCount, duplicateCount } = data;
  const left = rejectedCount + duplicateCount;
  switch (status) {
    case "uploaded":
      return null;
    case "processing":
      return (
        <Running
          label="Import"
          value={done}
          max={totalRows}
          words={`${number.format(done)} of ${number.format(totalRows)} rows`}
        />
      );
    case "undoing": {
      const looked = data.removedCount + data.restoredCount + data.keptCount;
      const all = data.createdCount + data.updatedCount;
      return (
        <Running
          label="Undo"
          value={looked}
          max={all}
          words={`Taking it back: ${number.format(looked)} of ${people(all)}`}
        />
      );
    }
    case "failed":
      return (
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
      );
    case "completed":
      return (
        <Alert tone={rejectedCount > 0 ? "warning" : "success"} title="The import is done">
          {left === 0
            ? `All ${number.format(totalRows)} rows were imported.`
            : `${number.format(left)} of ${number.format(totalRows)} rows were not imported. The reasons are below.`}
        </Alert>
      );
    case "undone":
      return (
        <Alert
          tone={data.keptCount > 0 ? "warning" : "success"}
          title="The import was undone"
          action={
            data.keptCount > 0 && (
              <Button asChild variant="secondary" size="sm">
                <Link href={`/contacts/imports/${id}/people?list=kept` as Route}>
                  Who was left as they are
                </Link>
              </Button>
            )
          }
        >
          {people(data.removedCount)} removed
          {data.restoredCount > 0 && `, ${people(data.restoredCount)} as before`}
          {data.keptCount > 0 && `, ${people(data.keptCount)} left as they are, because they were used since`}
          .
        </Alert>
      );
  }
}

type RunningProps = { label: string; value: number; max: number; words: string };

function Running({ label, value, max, words }: RunningProps) {
  return (
    <Card>
      <CardContent className="grid gap-2">
        <p className="text-sm tabular-nums">{words}. You can leave this page, it goes on.</p>
        <Progress label={label} value={value} max={max} valueText={words} />
      </CardContent>
    </Card>
  );
}
