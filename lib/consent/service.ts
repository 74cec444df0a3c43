import { evidenceColumns, evidenceRow } from "@/lib/consent/evidence";
import { consentRepository } from "@/lib/consent/repository";
import { contactRepository } from "@/lib/contacts/repository";
import { encodeCsv } from "@/lib/imports/csv";
import type { UserId } from "@/lib/tenant";

/** The whole ledger of a person as a CSV, the newest entry first. */
export async function exportEvidence(userId: UserId, contactId: string): Promise<string> {
  const person = await contactRepository.get(userId, contactId);
  const events = await consentRepository.list(userId, contactId);
  return encodeCsv([evidenceColumns, ...events.map((event) => evidenceRow(person, event))]);
}
