import { type Sql, sql, transaction } from "@/lib/db";
import type { UserId } from "@/lib/tenant";

/** How many names are looked up at once: each may be had by everybody. */
const NAMES_AT_ONCE = 20;

/**
 * Notes the names of custom fields that somebody is given, in the transaction that gives them; last, because others who
 * note the same names wait.
 */
export async function rememberFields(sql: Sql, userId: UserId, names: string[]): Promise<void> {
  if (names.length === 0) return;
  await sql`
    INSERT INTO contact_fields ("userId", name)
    SELECT DISTINCT ${userId}::uuid, name FROM unnest(${names}::text[]) AS name ORDER BY name
    ON CONFLICT ("userId", name) DO UPDATE SET "seenAt" = now()`;
}

/** The names of the custom fields of an account's people, without reading the people. */
export const contactFieldRepository = {
  /** Names that nobody has any more stay for up to two nights. */
  async list(userId: UserId): Promise<string[]> {
    const rows = await sql<{ name: string }>`
      SELECT name FROM contact_fields WHERE "userId" = ${userId} ORDER BY name`;
    return rows.map(({ name }) => name);
  },

  /**
   * Looks at the names that nobody has looked at for a day, and forgets those that nobody has. Returns how many it looked at.
   * Who is given one meanwhile has noted it, and it stays.
   */
  async forgetUnusedOfAllTenants(): Promise<number> {
    const [looked] = await transaction(async (sql) => {
      // To learn that nobody has a name, all people would be read.
      await sql`SET LOCAL enable_seqscan = off`;
      return sql<{ count: number }>`
      WITH due AS MATERIALIZED (
        SELECT field."userId", field.name, EXISTS (
          SELECT FROM contacts WHERE contacts."userId" = field."userId" AND contacts.metadata ? field.name OFFSET 0
        ) AS "isUsed"
        FROM contact_fields field WHERE field."seenAt" < now() - interval '1 day'
        ORDER BY field."seenAt", field."userId", field.name LIMIT ${NAMES_AT_ONCE}
      ), kept AS (
        UPDATE contact_fields SET "seenAt" = now() FROM due
        WHERE contact_fields."userId" = due."userId" AND contact_fields.name = due.name AND due."isUsed"
      ), forgotten AS (
        DELETE FROM contact_fields USING due
        WHERE contact_fields."userId" = due."userId" AND contact_fields.name = due.name AND NOT due."isUsed"
          AND contact_fields."seenAt" < now() - interval '1 day'
      )
      SELECT count(*)::int AS count FROM due`;
    });
    return looked?.count ?? 0;
  },
};
