import type { Metadata } from "next";
import { loadNames } from "@/app/(dashboard)/contacts/load-names";
import { SegmentForm } from "@/components/segments/segment-form";
import { PageHeader } from "@/components/ui/page-header";
import { requireUser } from "@/lib/auth";

export const metadata: Metadata = { title: "New segment" };

export default async function NewSegmentPage() {
  const userId = await requireUser();
  return (
    <>
      <PageHeader title="New segment" back={{ href: "/contacts/segments", label: "Segments" }} />
      <SegmentForm names={await loadNames(userId, [])} />
    </>
  );
}
