import type { ExportedContact } from "@/lib/contact-exports/columns";
import { matches } from "@/lib/contact-filters/repository";
import type { Filter } from "@/lib/contact-filters/schema";
import { sql } from "@/lib/db";
import type { UserId } from "@/lib/tenant";

const WINDOW = 5000;

export const contactExportRepository = {
  /**
   * All whom a filter means, oldest first, a few thousand people at a time. Between two of them nothing is held open, so a
   * slow reader keeps no connection.
   */
  async *stream(userId: UserId, filter: Filter): AsyncGenerator<ExportedContact[]> {
    let after = "00000000-0000-0000-0000-000000000000";
    while (true) {
      const [window] = await sql<{ last: string | null }>`
        SELECT max(id::text) AS last FROM (
          SELECT id FROM contacts WHERE "userId" BETWEEN ${userId} AND ${userId} AND ("userId", id) > (${userId}, ${after}::uuid)
          ORDER BY "userId", id LIMIT ${WINDOW}
        ) AS next`;
      if (!window?.last) return;
      yield await sql<ExportedContact>`
        SELECT contact.id, contact.phone, contact.name, contact.email, contact.tags, contact."optedIn", contact.metadata
        FROM contacts contact
        WHERE ${matches(userId, filter)} AND contact.id > ${after} AND contact.id <= ${window.last} ORDER BY contact.id`;
      after = window.last;
    }
  },
};
