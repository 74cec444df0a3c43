import { Bookmark, Plus } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { loadNames } from "@/app/(dashboard)/contacts/load-names";
import { SegmentTable } from "@/components/segments/segment-table";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { requireUser } from "@/lib/auth";
import { wordsFor } from "@/lib/contact-filters/words";
import { segmentRepository } from "@/lib/segments/repository";

export const metadata: Metadata = { title: "Segments" };

export default async function SegmentsPage() {
  const userId = await requireUser();
  const segments = await segmentRepository.list(userId);
  const names = await loadNames(
    userId,
    segments.map(({ filter }) => filter),
  );
  const action = (
    <Button asChild>
      <Link href="/contacts/segments/new">
        <Plus aria-hidden />
        New segment
      </Link>
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Segments"
        description="Groups of contacts by what they have in common. Who belongs to one is always looked up anew."
        back={{ href: "/contacts", label: "Contacts" }}
        actions={segments.length > 0 && action}
      />
      {segments.length > 0 ? (
        <SegmentTable
          segments={segments.map(({ id, name, filter }) => ({
            ...{ id, name, filter },
            words: filter.map((condition) => wordsFor(condition, names)),
          }))}
        />
      ) : (
        <Card>
          <EmptyState icon={Bookmark} title="No segments yet" action={action}>
            Save conditions such as “Tagged VIP and wrote in the last 30 days” under a name, and send
            campaigns to whoever meets them.
          </EmptyState>
        </Card>
      )}
    </>
  );
}
