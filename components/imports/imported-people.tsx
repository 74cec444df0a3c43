import { Users } from "lucide-react";
import Link from "next/link";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { type ImportedPerson, keptReasons } from "@/lib/imports/schema";

export function ImportedPeople({ people, isKept }: { people: ImportedPerson[]; isKept: boolean }) {
  if (people.length === 0) {
    return (
      <Card>
        <EmptyState icon={Users} title="Nobody to show">
          {isKept ? "Everybody was taken back." : "Nobody was changed, or it was more than 30 days ago."}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card>
      <Table label={isKept ? "People left as they are" : "Updated people"}>
        <TableHeader>
          <TableRow>
            <TableHead>Name now</TableHead>
            <TableHead>Phone</TableHead>
            <TableHead numeric>Line</TableHead>
            <TableHead>{isKept ? "Why" : "Before the import"}</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {people.map(({ id, name, phone, line, before, kept }) => (
            <TableRow key={id}>
              <TableCell className="min-w-40">
                <Link href={`/contacts/${id}`} className="font-medium hover:underline">
                  {name ?? "No name"}
                </Link>
              </TableCell>
              <TableCell className="whitespace-nowrap tabular-nums">{phone}</TableCell>
              <TableCell numeric>{line}</TableCell>
              <TableCell className="min-w-72 text-muted-foreground">
                {isKept ? kept && keptReasons[kept] : before && wordsOf(before)}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  );
}

function wordsOf({ name, email, tags, metadata }: NonNullable<ImportedPerson["before"]>): string {
  const fields = Object.entries(metadata).map(([key, value]) => `${key}: ${value}`);
  return [name ?? "no name", email, tags.length > 0 ? `tags ${tags.join(", ")}` : null, ...fields]
    .filter(Boolean)
    .join(" · ");
}
