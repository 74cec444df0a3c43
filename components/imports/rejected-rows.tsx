import { Download } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Card, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import type { ImportProgress } from "@/lib/imports/queries";

const number = new Intl.NumberFormat("en");

export function RejectedRows({ progress }: { progress: ImportProgress }) {
  const { id, rejectedCount, duplicateCount, columns, rejectedRows } = progress;
  const count = rejectedCount + duplicateCount;
  const width = Math.max(columns.length, ...rejectedRows.map(({ cells }) => cells.length));
  const titles = Array.from({ length: width }, (_, index) => columns[index] ?? `Cell ${index + 1}`);
  return (
    <Card id="rejected">
      <CardHeader className="flex flex-wrap items-start justify-between gap-3">
        <div className="grid gap-1">
          <CardTitle>Rows that were not imported</CardTitle>
          <CardDescription>
            {rejectedRows.length < count &&
              `The first ${number.format(rejectedRows.length)} of ${number.format(count)} are shown. `}
            {rejectedRows.length === 0
              ? "They are kept for 30 days and are gone now."
              : "Correct them in the downloaded file and import that: its columns are the same. They are kept for 30 days."}
          </CardDescription>
        </div>
        <Button asChild variant="secondary">
          <a href={`/api/imports/${id}/rejected.csv`} download>
            <Download aria-hidden />
            Download these rows
          </a>
        </Button>
      </CardHeader>
      <Table label="Rows that were not imported">
        <TableHeader>
          <TableRow>
            <TableHead numeric>Line</TableHead>
            <TableHead>Reason</TableHead>
            {titles.map((title) => (
              <TableHead key={title}>{title}</TableHead>
            ))}
          </TableRow>
        </TableHeader>
        <TableBody>
          {rejectedRows.map(({ line, reason, cells }) => (
            <TableRow key={line}>
              <TableCell numeric>{line}</TableCell>
              <TableCell className="min-w-80 sm:min-w-96">{reason}</TableCell>
              {titles.map((title, index) => (
                <TableCell key={title} className="max-w-48 truncate text-muted-foreground">
                  {cells[index]}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  );
}
