import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { loadNames } from "@/app/(dashboard)/contacts/load-names";
import { SegmentForm } from "@/components/segments/segment-form";
import { SegmentUse } from "@/components/segments/segment-use";
import { PageHeader } from "@/components/ui/page-header";
import { requireUser } from "@/lib/auth";
import { campaignRepository } from "@/lib/campaigns/repository";
import { segmentRepository } from "@/lib/segments/repository";
import { segmentIdSchema } from "@/lib/segments/schema";

export const metadata: Metadata = { title: "Edit segment" };

export default async function SegmentPage({ params }: PageProps<"/contacts/segments/[segmentId]">) {
  const userId = await requireUser();
  const id = segmentIdSchema.safeParse(await params);
  const segment = (id.success && (await segmentRepository.find(userId, id.data.segmentId))) || notFound();
  const [names, campaigns] = await Promise.all([
    loadNames(userId, [segment.filter]),
    campaignRepository.listWaitingFor(userId, segment.id),
  ]);
  return (
    <>
      <PageHeader title={`Edit ${segment.name}`} back={{ href: "/contacts/segments", label: "Segments" }} />
      <SegmentUse campaigns={campaigns} />
      <SegmentForm segment={segment} names={names} />
    </>
  );
}
