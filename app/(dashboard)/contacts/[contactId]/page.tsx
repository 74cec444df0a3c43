import type { Metadata } from "next";
import { loadContact } from "@/app/(dashboard)/contacts/[contactId]/load-contact";
import { ConsentBadge } from "@/components/contacts/consent-badge";
import { ConsentHistory } from "@/components/contacts/consent-history";
import { ContactActions } from "@/components/contacts/contact-actions";
import { ContactCard } from "@/components/contacts/contact-card";
import { ContactMessages } from "@/components/contacts/contact-messages";
import { PageHeader } from "@/components/ui/page-header";
import { contactRepository } from "@/lib/contacts/repository";
import { userRepository } from "@/lib/users/repository";

type Props = PageProps<"/contacts/[contactId]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { contact } = await loadContact((await params).contactId);
  return { title: contact.name ?? contact.phone ?? "Contact" };
}

export default async function ContactPage({ params }: Props) {
  const { userId, contact } = await loadContact((await params).contactId);
  const [{ consent, messages }, { timeZone }] = await Promise.all([
    contactRepository.timeline(userId, contact.id),
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
        <ContactCard contact={contact} timeZone={timeZone} />
        <div className="grid gap-5">
          <ConsentHistory contact={contact} events={consent} timeZone={timeZone} />
          <ContactMessages messages={messages} timeZone={timeZone} />
        </div>
      </div>
    </>
  );
}
