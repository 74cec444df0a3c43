import { normalizePhone } from "@/lib/contacts/phone";
import { type AddedContact, contactRepository } from "@/lib/contacts/repository";
import type { CreateContact, UpdateContact } from "@/lib/contacts/schema";
import { AppError, invalid, notFound } from "@/lib/errors";
import type { UserId } from "@/lib/tenant";
import { userRepository } from "@/lib/users/repository";

/**
 * Adds people whom a program sent for the account, up to some thousands at once; tells of each, in their order, what became
 * of it, or why there was nothing.
 */
export async function createContacts(
  userId: UserId,
  inputs: CreateContact[],
  source: "manual" | "api",
): Promise<(AddedContact | AppError)[]> {
  const { defaultCountry } = await userRepository.get(userId);
  const read = inputs.map((input) => ({ input, number: normalizePhone(input.phone, defaultCountry) }));
  const people = read.flatMap(({ input, number }) => {
    const consent = input.consent && { ...input.consent, actor: userId };
    return "phone" in number ? [{ ...input, phone: number.phone, consent, source }] : [];
  });
  const added = (await contactRepository.createAll(userId, people)).values();
  return read.map(({ number }) =>
    "reason" in number ? invalid("phone", number.reason) : (added.next().value ?? notFound("Contact")),
  );
}

/** Adds a person whom somebody typed in. */
export async function createContact(userId: UserId, input: CreateContact): Promise<AddedContact> {
  const [added] = await createContacts(userId, [input], "manual");
  if (!added || added instanceof AppError) throw added;
  return added;
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
