"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import type { Route } from "next";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { toast } from "@/components/ui/toaster";
import { queryString } from "@/lib/api-client";
import { countWords, filterCountQuery } from "@/lib/contact-filters/queries";
import { addressOf, type Filter } from "@/lib/contact-filters/schema";
import { deleteSegment } from "@/lib/segments/queries";

type Segment = { id: string; name: string; filter: Filter; words: string[] };

export function SegmentTable({ segments }: { segments: Segment[] }) {
  return (
    <Card>
      <Table label="Segments">
        <TableHeader>
          <TableRow>
            <TableHead>Name</TableHead>
            <TableHead className="max-sm:hidden">Conditions</TableHead>
            <TableHead numeric>Contacts</TableHead>
            <TableHead>
              <span className="sr-only">Actions</span>
            </TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {segments.map((segment) => (
            <Row key={segment.id} segment={segment} />
          ))}
        </TableBody>
      </Table>
    </Card>
  );
}

function Row({ segment: { id, name, filter, words } }: { segment: Segment }) {
  const router = useRouter();
  const { data: count, error } = useQuery(filterCountQuery(filter));
  const { mutateAsync: remove } = useMutation({
    mutationFn: () => deleteSegment(id),
    onSuccess: () => {
      toast.success(`Deleted the segment “${name}”`);
      router.refresh();
    },
  });
  return (
    <TableRow>
      <TableCell className="min-w-40 max-w-64">
        <Link
          href={`/contacts${queryString(addressOf(filter))}` as Route}
          className="wrap-anywhere block font-medium hover:underline"
        >
          {name}
        </Link>
        <p className="text-muted-foreground text-xs sm:hidden">{words.join(", ")}</p>
      </TableCell>
      <TableCell className="min-w-56 text-muted-foreground max-sm:hidden">{words.join(", ")}</TableCell>
      <TableCell numeric>{count ? countWords(count) : error ? "Not known" : "…"}</TableCell>
      <TableCell className="whitespace-nowrap text-right">
        <Button asChild variant="ghost" size="sm">
          <Link href={`/contacts/segments/${id}` as Route} aria-label={`Edit ${name}`}>
            Edit
          </Link>
        </Button>
        <ConfirmDialog
          trigger={
            <Button variant="ghost" size="sm" aria-label={`Delete ${name}`}>
              Delete
            </Button>
          }
          title={`Delete the segment “${name}”?`}
          confirmLabel="Delete segment"
          tone="danger"
          onConfirm={() => remove()}
        >
          No contact is deleted. A draft that is to go to this segment cannot start until you choose whom it
          goes to; a scheduled campaign keeps the conditions it was scheduled with.
        </ConfirmDialog>
      </TableCell>
    </TableRow>
  );
}
