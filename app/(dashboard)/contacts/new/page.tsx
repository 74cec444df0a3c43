import type { Metadata } from "next";
import { ContactForm } from "@/components/contacts/contact-form";
import { PageHeader } from "@/components/ui/page-header";
import { requireUser } from "@/lib/auth";
import { contactFieldRepository } from "@/lib/contact-fields/repository";
import { contactRepository } from "@/lib/contacts/repository";
import { userRepository } from "@/lib/users/repository";

export const metadata: Metadata = { title: "Add contact" };

const regionNames = new Intl.DisplayNames("en", { type: "region" });

export default async function NewContactPage() {
  const userId = await requireUser();
  const [tags, customFields, { defaultCountry }] = await Promise.all([
    contactRepository.listTags(userId),
    contactFieldRepository.list(userId),
    userRepository.get(userId),
  ]);
  return (
    <>
      <PageHeader title="Add contact" back={{ href: "/contacts", label: "Contacts" }} />
      <ContactForm
        country={regionNames.of(defaultCountry) ?? defaultCountry}
        tags={tags.map(({ tag }) => tag)}
        customFields={customFields}
      />
    </>
  );
}
