import Link from "next/link";
import { QualityBadge } from "@/components/templates/quality-badge";
import { TemplateStatusBadge } from "@/components/templates/template-status-badge";
import { Card } from "@/components/ui/card";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { languageName } from "@/lib/templates/languages";
import type { Template } from "@/lib/templates/schema";
import { categoryNames } from "@/lib/templates/status";
import { partOf } from "@/lib/templates/variables";

type Props = { templates: (Template & { updatedAt: Date })[]; timeZone: string };

export function TemplateTable({ templates, timeZone }: Props) {
  return (
    <Card>
      <Table label="Templates">
        <TableHeader>
          <TableRow>
            <TableHead>Name</TableHead>
            <TableHead>Status</TableHead>
            <TableHead>Category</TableHead>
            <TableHead>Language</TableHead>
            <TableHead>Updated</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {templates.map(
            ({
              id,
              name,
              status,
              quality,
              category,
              nextCategory,
              language,
              components,
              rejectionReason,
              updatedAt,
            }) => (
              <TableRow key={id}>
                <TableCell className="min-w-36 max-w-44 sm:max-w-72">
                  <Link
                    href={`/templates/${id}`}
                    className="block truncate font-medium hover:underline"
                    title={name}
                  >
                    {name}
                  </Link>
                  <p className="truncate text-muted-foreground text-xs">{partOf(components, "BODY")?.text}</p>
                </TableCell>
                <TableCell className="max-w-72">
                  <span className="flex flex-wrap gap-1">
                    <TemplateStatusBadge status={status} />
                    <QualityBadge quality={quality} />
                  </span>
                  {rejectionReason && (
                    <p
                      title={rejectionReason}
                      className="mt-1 line-clamp-2 min-w-40 text-muted-foreground text-xs"
                    >
                      {rejectionReason}
                    </p>
                  )}
                </TableCell>
                <TableCell>
                  {categoryNames[category]}
                  {nextCategory && (
                    <p className="text-muted-foreground text-xs">soon {categoryNames[nextCategory]}</p>
                  )}
                </TableCell>
                <TableCell className="whitespace-nowrap">{languageName(language)}</TableCell>
                <TableCell className="whitespace-nowrap">
                  <Time value={updatedAt} timeZone={timeZone} />
                </TableCell>
              </TableRow>
            ),
          )}
        </TableBody>
      </Table>
    </Card>
  );
}
