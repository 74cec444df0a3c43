import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { loadNames } from "@/app/(dashboard)/contacts/load-names";
import { SegmentForm } from "@/components/segments/segment-form";
import { PageHeader } from "@/components/ui/page-header";
import { requireUser } from "@/lib/auth";
import { segmentRepository } from "@/lib/segments/repository";
import { segmentIdSchema } from "@/lib/segments/schema";

export const metadata: Metadata = { title: "Edit segment" };

export default async function SegmentPage({ params }: PageProps<"/contacts/segments/[segmentId]">) {
  const userId = await requireUser();
  const id = segmentIdSchema.safeParse(await params);
  const segment = (id.success && (await segmentRepository.find(userId, id.data.segmentId))) || notFound();
  return (
    <>
      <PageHeader title={`Edit ${segment.name}`} back={{ href: "/contacts/segments", label: "Segments" }} />
      <SegmentForm segment={segment} names={await loadNames(userId, [segment.filter])} />
    </>
  );
}
