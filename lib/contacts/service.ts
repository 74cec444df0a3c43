import { normalizePhone } from "@/lib/contacts/phone";
import { contactRepository } from "@/lib/contacts/repository";
import type { CreateContact, UpdateContact } from "@/lib/contacts/schema";
import { invalid } from "@/lib/errors";
import type { UserId } from "@/lib/tenant";
import { userRepository } from "@/lib/users/repository";

/** Adds a person whom somebody typed in, or whom a program sent for the account. */
export async function createContact(
  userId: UserId,
  input: CreateContact,
  source: "manual" | "api" = "manual",
) {
  const consent = input.consent && { ...input.consent, actor: userId };
  const phone = await readPhone(userId, input.phone);
  return contactRepository.create(userId, { ...input, phone, consent, source });
}

export async function updateContact(userId: UserId, id: string, { phone, ...changes }: UpdateContact) {
  await contactRepository.update(userId, id, {
    ...changes,
    ...(phone !== undefined && { phone: await readPhone(userId, phone) }),
  });
}

/** A number without a country is one of the account's country. */
async function readPhone(userId: UserId, text: string): Promise<string> {
  const { defaultCountry } = await userRepository.get(userId);
  const normalized = normalizePhone(text, defaultCountry);
  if ("reason" in normalized) throw invalid("phone", normalized.reason);
  return normalized.phone;
}
