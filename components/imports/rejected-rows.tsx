import { Download } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Card, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import type { ImportProgress } from "@/lib/imports/queries";

const number = new Intl.NumberFormat("en");
/** As many as the server keeps; see lib/imports/repository.ts. */
const KEPT = 10_000;

export function RejectedRows({ progress }: { progress: ImportProgress }) {
  const { id, rejectedCount, columns, rejectedRows } = progress;
  const width = Math.max(columns.length, ...rejectedRows.map(({ cells }) => cells.length));
  const titles = Array.from({ length: width }, (_, index) => columns[index] ?? `Cell ${index + 1}`);
  return (
    <Card id="rejected">
      <CardHeader className="flex flex-wrap items-start justify-between gap-3">
        <div className="grid gap-1">
          <CardTitle>Rejected rows</CardTitle>
          <CardDescription>
            {rejectedRows.length < rejectedCount &&
              `The first ${number.format(rejectedRows.length)} are shown. `}
            {rejectedCount > KEPT && `The download has the first ${number.format(KEPT)}. `}
            Correct them in the downloaded file and import that: its columns are the same.
          </CardDescription>
        </div>
        <Button asChild variant="secondary">
          <a href={`/api/imports/${id}/rejected.csv`} download>
            <Download aria-hidden />
            Download rejected rows
          </a>
        </Button>
      </CardHeader>
      <Table label="Rejected rows">
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
