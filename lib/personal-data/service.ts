import { findNumbers, normalizePhone } from "@/lib/contacts/phone";
import { type KeptRow, personalDataRepository, type Whereabouts } from "@/lib/personal-data/repository";
import { holdsNumber, splitByPerson, type Traces } from "@/lib/personal-data/traces";
import type { UserId } from "@/lib/tenant";

/** Everything that is kept of a person: their entry, and what names them in files and in what WhatsApp reported. */
export async function exportPersonalData(userId: UserId, contactId: string) {
  const whereabouts = await personalDataRepository.locate(userId, contactId);
  const entry = await personalDataRepository.collect(userId, contactId);
  const rejectedRows = [];
  for await (const rows of personalDataRepository.findKeptRows(userId, whereabouts)) {
    for (const { fileName, line, reason, cells } of rows.filter(isRowOf(whereabouts)))
      rejectedRows.push({ fileName, line, reason, cells });
  }
  const webhooks = [];
  for await (const events of personalDataRepository.findEvents(userId, whereabouts.traces)) {
    for (const { receivedAt, eventType, payload } of events) {
      const { theirs } = splitByPerson(payload, whereabouts.traces);
      if (theirs.length > 0) webhooks.push({ receivedAt, eventType, parts: theirs });
    }
  }
  return { exportedAt: new Date(), ...entry, rejectedRows, webhooks };
}

/**
 * Erases a person. Their entry goes last: whoever is interrupted finds it and erases once more, and what WhatsApp reports
 * meanwhile is looked at afterwards.
 */
export async function erasePerson(userId: UserId, contactId: string): Promise<void> {
  const whereabouts = await personalDataRepository.locate(userId, contactId);
  for await (const rows of personalDataRepository.findKeptRows(userId, whereabouts))
    await personalDataRepository.blankRows(userId, rows.filter(isRowOf(whereabouts)));
  for await (const left of personalDataRepository.findLeftIds(userId)) {
    const theirs = left.filter((each) => holdsNumber(each.whatsappMessageId, whereabouts.traces.names));
    await personalDataRepository.forgetMessages(
      userId,
      theirs.map(({ id }) => id),
    );
  }
  const first = await clearEvents(userId, whereabouts.traces);
  // What came while all that was read goes as well before the entry does: nobody would look for it after a crash.
  const last = await clearEvents(userId, whereabouts.traces, first);
  await personalDataRepository.erase(userId, contactId);
  await clearEvents(userId, whereabouts.traces, last);
}

async function clearEvents(userId: UserId, traces: Traces, after?: string): Promise<string> {
  const found = personalDataRepository.findEvents(userId, traces, after);
  for (;;) {
    const { done, value } = await found.next();
    if (done) return value;
    const changed = value.flatMap(({ id, payload }) => {
      const { rest, theirs } = splitByPerson(payload, traces);
      return theirs.length > 0 ? { id, payload: withNote(rest) } : [];
    });
    await personalDataRepository.replacePayloads(userId, changed);
  }
}

const withNote = (payload: unknown) => ({
  ...(typeof payload === "object" ? payload : null),
  removed: "What was about a person was removed because they were erased.",
});

/** A number in a file is read as the import reads it, in the country that was chosen for the file, also beside another one. */
const isRowOf =
  ({ phone, email }: Whereabouts) =>
  ({ cells, defaultCountry }: KeptRow) =>
    cells.some((cell) => {
      if (email !== null && cell.trim().toLowerCase() === email.toLowerCase()) return true;
      return findNumbers(cell).some((text) => {
        const number = normalizePhone(text, defaultCountry ?? "");
        return "phone" in number && number.phone === phone;
      });
    });
