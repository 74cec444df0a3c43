import { notFound } from "next/navigation";
import { cache } from "react";
import { requireUser } from "@/lib/auth";
import { contactRepository } from "@/lib/contacts/repository";
import { contactIdSchema } from "@/lib/contacts/schema";

/** Once per request, for the page and its title. */
export const loadContact = cache(async (contactId: string) => {
  const userId = await requireUser();
  const id = contactIdSchema.safeParse({ contactId });
  const contact = id.success && (await contactRepository.find(userId, contactId));
  return { userId, contact: contact || notFound() };
});
