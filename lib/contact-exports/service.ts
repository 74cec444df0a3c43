import { headerOf, rowOf } from "@/lib/contact-exports/columns";
import { contactExportRepository } from "@/lib/contact-exports/repository";
import type { Filter } from "@/lib/contact-filters/schema";
import { contactRepository } from "@/lib/contacts/repository";
import { streamCsv } from "@/lib/imports/csv";
import type { UserId } from "@/lib/tenant";

/** A CSV of all whom a filter means, made as fast as it is read. */
export async function* exportContacts(userId: UserId, filter: Filter): AsyncGenerator<string> {
  const fields = await contactRepository.listCustomFields(userId);
  yield* streamCsv(headerOf(fields), rows(userId, filter, fields));
}

async function* rows(userId: UserId, filter: Filter, fields: string[]): AsyncGenerator<string[][]> {
  for await (const people of contactExportRepository.stream(userId, filter)) {
    yield people.map((person) => rowOf(person, fields));
  }
}
