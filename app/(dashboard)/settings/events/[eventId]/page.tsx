import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { EventReportView } from "@/components/events/event-report";
import { PageHeader } from "@/components/ui/page-header";
import { requireUser } from "@/lib/auth";
import { eventParamsSchema } from "@/lib/event-console/schema";
import { findEvent } from "@/lib/event-console/service";
import { kindOf } from "@/lib/event-console/words";
import { userRepository } from "@/lib/users/repository";

export const metadata: Metadata = { title: "Webhook event" };

export default async function EventPage({ params }: PageProps<"/settings/events/[eventId]">) {
  const userId = await requireUser();
  const asked = eventParamsSchema.safeParse(await params);
  const event = (asked.success && (await findEvent(userId, asked.data.eventId))) || notFound();
  const { timeZone } = await userRepository.get(userId);
  return (
    <>
      <PageHeader
        title={kindOf(event.eventType)}
        description={`Times are in ${timeZone}.`}
        back={{ href: "/settings/events", label: "Webhook events" }}
      />
      <EventReportView event={event} timeZone={timeZone} />
    </>
  );
}
