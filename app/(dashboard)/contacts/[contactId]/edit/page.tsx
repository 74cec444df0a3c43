import type { Metadata, Route } from "next";
import { loadContact } from "@/app/(dashboard)/contacts/[contactId]/load-contact";
import { ContactForm } from "@/components/contacts/contact-form";
import { PageHeader } from "@/components/ui/page-header";
import { contactFieldRepository } from "@/lib/contact-fields/repository";
import { contactRepository } from "@/lib/contacts/repository";
import { userRepository } from "@/lib/users/repository";

export const metadata: Metadata = { title: "Edit contact" };

const regionNames = new Intl.DisplayNames("en", { type: "region" });

export default async function EditContactPage({ params }: PageProps<"/contacts/[contactId]/edit">) {
  const { userId, contact } = await loadContact((await params).contactId);
  const [tags, customFields, { defaultCountry }] = await Promise.all([
    contactRepository.listTags(userId),
    contactFieldRepository.list(userId),
    userRepository.get(userId),
  ]);
  const name = contact.name ?? contact.phone ?? "Without a name";
  return (
    <>
      <PageHeader title={`Edit ${name}`} back={{ href: `/contacts/${contact.id}` as Route, label: name }} />
      <ContactForm
        contact={contact}
        country={regionNames.of(defaultCountry) ?? defaultCountry}
        tags={tags.map(({ tag }) => tag)}
        customFields={customFields}
      />
    </>
  );
}
