import type { Route } from "next";
import Link from "next/link";
import { ImportStatusBadge } from "@/components/imports/import-status-badge";
import { Card } from "@/components/ui/card";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { ImportStatus } from "@/lib/db/generated/enums";

type Import = {
  id: string;
  fileName: string;
  status: ImportStatus;
  totalRows: number;
  createdCount: number;
  updatedCount: number;
  rejectedCount: number;
  createdAt: Date;
};

const number = new Intl.NumberFormat("en");

export function ImportTable({ imports, timeZone }: { imports: Import[]; timeZone: string }) {
  return (
    <Card>
      <Table label="Imports">
        <TableHeader>
          <TableRow>
            <TableHead>File</TableHead>
            <TableHead>Status</TableHead>
            <TableHead numeric>Rows</TableHead>
            <TableHead numeric>Added</TableHead>
            <TableHead numeric>Updated</TableHead>
            <TableHead numeric>Rejected</TableHead>
            <TableHead>When</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {imports.map(
            ({ id, fileName, status, totalRows, createdCount, updatedCount, rejectedCount, createdAt }) => (
              <TableRow key={id}>
                <TableCell className="min-w-40 max-w-72">
                  <Link
                    href={`/contacts/imports/${id}`}
                    className="block truncate font-medium hover:underline"
                  >
                    {fileName}
                  </Link>
                </TableCell>
                <TableCell>
                  <ImportStatusBadge status={status} />
                </TableCell>
                <TableCell numeric>{number.format(totalRows)}</TableCell>
                <TableCell numeric>
                  {createdCount > 0 ? (
                    <Link href={`/contacts?import=${id}` as Route} className="underline underline-offset-4">
                      {number.format(createdCount)}
                    </Link>
                  ) : (
                    0
                  )}
                </TableCell>
                <TableCell numeric>{number.format(updatedCount)}</TableCell>
                <TableCell numeric>{number.format(rejectedCount)}</TableCell>
                <TableCell className="whitespace-nowrap text-muted-foreground">
                  <Time value={createdAt} timeZone={timeZone} />
                </TableCell>
              </TableRow>
            ),
          )}
        </TableBody>
      </Table>
    </Card>
  );
}
