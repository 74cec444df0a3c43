import type { Metadata } from "next";
import { loadContact } from "@/app/(dashboard)/contacts/[contactId]/load-contact";
import { ConsentBadge } from "@/components/contacts/consent-badge";
import { ConsentCard } from "@/components/contacts/consent-card";
import { ContactActions } from "@/components/contacts/contact-actions";
import { ContactCard } from "@/components/contacts/contact-card";
import { ContactTimeline } from "@/components/contacts/contact-timeline";
import { PageHeader } from "@/components/ui/page-header";
import { contactTimelineRepository } from "@/lib/contact-timelines/repository";
import { userRepository } from "@/lib/users/repository";

type Props = PageProps<"/contacts/[contactId]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { contact } = await loadContact((await params).contactId);
  return { title: contact.name ?? contact.phone ?? "Contact" };
}

export default async function ContactPage({ params }: Props) {
  const { userId, contact } = await loadContact((await params).contactId);
  const [newest, { timeZone }] = await Promise.all([
    contactTimelineRepository.page(userId, contact.id),
    userRepository.get(userId),
  ]);
  return (
    <>
      <PageHeader
        title={contact.name ?? contact.phone ?? "Without a name"}
        badge={<ConsentBadge contact={contact} />}
        description={`Times are in ${timeZone}.`}
        back={{ href: "/contacts", label: "Contacts" }}
        actions={<ContactActions contact={contact} />}
      />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <div className="grid gap-5">
          <ContactCard contact={contact} timeZone={timeZone} />
          <ConsentCard contact={contact} timeZone={timeZone} />
        </div>
        <ContactTimeline contactId={contact.id} newest={newest} timeZone={timeZone} />
      </div>
    </>
  );
}
