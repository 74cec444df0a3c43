import type pg from "pg";
import { verdictOn, whole } from "@/bench/report";
import type { Stage } from "@/bench/stage";
import type { Condition, ContactListQuery, Filter } from "@/lib/contact-filters/schema";
import { type UserId, userIdSchema } from "@/lib/tenant";

const TARGET_MS = 50;
const POSITION = 500_000;

/**
 * Pages, searches and counts of a list of a million contacts, beside those of a neighbour. A figure is the median of
 * several runs from the call of the repository to its result, all its statements and their way there and back included.
 */
export async function benchContacts({ database }: Stage, { count = 1_000_000, rounds = 3 }): Promise<void> {
  const neighbour = await createAccount(database);
  const userId = await createAccount(database);
  const startedAt = performance.now();
  await withoutSlowIndexes(database, async () => {
    await fillContacts(database, neighbour, Math.round(count / 5));
    await fillContacts(database, userId, count);
  });
  const { campaignId, importId } = await fillHistory(database, userId, count);
  await database.query("VACUUM ANALYZE");
  await database.query("CHECKPOINT");
  console.log(
    `filled ${whole(count)} contacts and a neighbour's ${whole(count / 5)} in ${whole((performance.now() - startedAt) / 1000)} s`,
  );

  const { contactListRepository } = await import("@/lib/contact-lists/repository");
  const { contactFilterRepository } = await import("@/lib/contact-filters/repository");
  const figures: { name: string; ms: number; worst: number }[] = [];
  const measure = async (name: string, work: () => Promise<unknown>) => {
    await work();
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const from = performance.now();
      await work();
      times.push(performance.now() - from);
    }
    times.sort((one, other) => one - other);
    figures.push({ name, ms: times[Math.floor((times.length - 1) / 2)] ?? 0, worst: times.at(-1) ?? 0 });
  };
  const page = (query: ContactListQuery) => contactListRepository.page(userId, query);

  const middle = await middleOf(database, userId, Math.min(POSITION, Math.floor(count / 2)));
  for (const [sort, cursor] of Object.entries(middle) as [keyof typeof middle, string][]) {
    await measure(`first page, ${sort}`, () => page({ sort }));
    await measure(`page at position ${whole(POSITION)}, ${sort}`, () => page({ sort, cursor }));
    await measure(`the page before it, ${sort}`, () => page({ sort, cursor, direction: "previous" }));
  }
  const conditions = conditionsOf(campaignId, importId);
  const entries = Object.entries(conditions);
  const both = async (name: string, filter: Filter) => {
    await measure(`page: ${name}`, () => page({ filter }));
    await measure(`count: ${name}`, () => contactFilterRepository.count(userId, filter));
  };
  await both("everybody", []);
  for (const [name, condition] of entries) await both(name, [condition]);
  for (const [index, [name, condition]] of entries.entries()) {
    for (const [other, otherCondition] of entries.slice(index + 1)) {
      await both(`${name} + ${other}`, [condition, otherCondition]);
    }
  }
  figures.sort((one, other) => other.ms - one.ms);
  const slow = figures.filter(({ ms }) => ms > TARGET_MS);
  for (const { name, ms, worst } of figures.slice(0, Math.max(15, slow.length))) {
    console.log(`${ms.toFixed(1).padStart(8)} ms (worst ${worst.toFixed(1)})  ${name}`);
  }
  console.log(`${figures.length} figures, ${slow.length} above ${TARGET_MS} ms`);
  const slowest = figures[0]?.ms ?? 0;
  console.log(verdictOn("contacts", `worst ${slowest.toFixed(1)} ms`, slowest, "at most", TARGET_MS));
}

const conditionsOf = (campaignId: string, importId: string): Record<string, Condition> => ({
  "opted in": { field: "consent", is: "in" },
  "opted out": { field: "consent", is: "out" },
  "not asked": { field: "consent", is: "none" },
  blocked: { field: "blocked", is: true },
  "common tag": { field: "tags", match: "any", tags: ["customer"] },
  "rare tag": { field: "tags", match: "any", tags: ["rare"] },
  "tag of the oldest": { field: "tags", match: "any", tags: ["list-2023"] },
  "both tags": { field: "tags", match: "all", tags: ["customer", "vip"] },
  "without a tag": { field: "tags", match: "none", tags: ["customer"] },
  "source by hand": { field: "source", sources: ["manual"] },
  "common calling code": { field: "calling_code", codes: ["49"] },
  "rare calling code": { field: "calling_code", codes: ["352"] },
  "added lately": { field: "created", period: { when: "within", days: 1 } },
  "added long ago": { field: "created", period: { when: "not_within", days: 300 } },
  "replied lately": { field: "last_reply", period: { when: "within", days: 7 } },
  "no reply lately": { field: "last_reply", period: { when: "not_within", days: 7 } },
  "message lately": { field: "last_message", period: { when: "within", days: 30 } },
  "no message lately": { field: "last_message", period: { when: "not_within", days: 30 } },
  "got the campaign": { field: "campaign", did: "got", campaignId },
  "replied to the campaign": { field: "campaign", did: "replied", campaignId },
  "common field": { field: "custom", key: "Level", match: "equals", value: "gold" },
  "rare field": { field: "custom", key: "City", match: "equals", value: "Town 77" },
  "part of a field": { field: "custom", key: "City", match: "contains", value: "wn 77" },
  "field exists": { field: "custom", key: "Allergy", match: "exists", value: "" },
  import: { field: "imported", importId },
  "common search": { field: "search", text: "ann" },
  "two words": { field: "search", text: "zoe haddad" },
  "rare search": { field: "search", text: "zoe.haddad4" },
  "search without a hit": { field: "search", text: "qqqzz" },
  "part of a phone": { field: "search", text: "0012345" },
});

async function createAccount(database: pg.Client): Promise<UserId> {
  const { rows } = await database.query<{ id: string }>(
    `INSERT INTO users (email, "passwordHash") VALUES (gen_random_uuid() || '@example.com', 'none') RETURNING id`,
  );
  return userIdSchema.parse(rows[0]?.id);
}

/** Building an index takes a third of the time that filling it row by row does. */
async function withoutSlowIndexes(database: pg.Client, fill: () => Promise<void>): Promise<void> {
  const { rows } = await database.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE tablename = 'contacts' AND indexname IN ('contacts_filter_idx', 'contacts_name_idx')`,
  );
  for (const { name } of rows) await database.query(`DROP INDEX "${name}"`);
  await fill();
  for (const { definition } of rows) await database.query(definition);
}

/** As lists of real accounts are: some imported long ago, most opted in, few opted out, one in twelve has written. */
async function fillContacts(database: pg.Client, userId: UserId, count: number): Promise<void> {
  await database.query(
    `INSERT INTO contacts (id, "userId", phone, name, email, tags, metadata, "optedIn", "optedInAt", "optedOutAt",
       "optInSource", "isBlocked", "lastInboundAt")
     SELECT overlay(uuid_v7_floor(now() - (1 - n::float / $2::int) * interval '400 days')::text PLACING lpad(to_hex(n), 12, '0') FROM 25)::uuid,
       $1, CASE WHEN n % 5003 = 0 THEN '+352' ELSE (ARRAY['+4915','+9198','+5521','+1212','+4479'])[1 + (n / 3) % 5] END
         || lpad(((n::bigint * 7919) % 100000000)::text, 8, '0'),
       CASE WHEN n % 20 <> 0 THEN first || ' ' || last END,
       CASE WHEN n % 3 <> 0 THEN lower(first) || '.' || lower(last) || (n % 100000) || '@' ||
         (ARRAY['gmail.com','example.org','yahoo.co.uk'])[1 + n % 3] END,
       CASE WHEN n % 2 = 0 THEN ARRAY['customer'] ELSE '{}'::text[] END || CASE WHEN n % 10 < 2 THEN ARRAY['vip'] ELSE '{}' END
         || CASE WHEN n % 10007 = 3 THEN ARRAY['rare'] ELSE '{}' END
         || CASE WHEN n <= $2::int * 0.1 THEN ARRAY['list-2023'] ELSE '{}' END,
       jsonb_build_object('City', 'Town ' || n % 997, 'Level', (ARRAY['gold','silver','bronze'])[1 + n % 3])
         || CASE WHEN n % 5009 = 0 THEN '{"Allergy":"nuts"}'::jsonb ELSE '{}' END,
       n % 7 <> 0, CASE WHEN n % 7 <> 0 THEN now() END, CASE WHEN n % 49 = 0 THEN now() END,
       (ARRAY['csv','csv','csv','manual','webhook'])[1 + (n / 7) % 5]::"OptInSource", n % 211 = 0,
       CASE WHEN n % 12 = 0 THEN now() - (1 - n::float / $2::int) * interval '100 days' END
     FROM (
       SELECT n,
         (ARRAY['Asha','Bruno','Chiara','Dmitri','Elif','Fatou','Giulia','Hannah','Ibrahim','Joana','Kofi','Lena','Mohamed','Noor','Olga',
           'Priya','Quentin','Rosa','Samir','Tomas','Uma','Victor','Wanda','Ximena','Yusuf','Zoe','Anna','Maria','Ahmed','Carlos'])[1 + (n * 31 + n / 7) % 30] AS first,
         (ARRAY['Rao','Costa','Bianchi','Volkov','Demir','Diallo','Rossi','Tanaka','Silva','Berg','Nelson','Okafor','Schmidt','Martin','Garcia','Novak',
           'Hansen','Murphy','Khan','Ali','Singh','Sharma','Fernandez','Lopez','Kowalski','Ivanov','Haddad','Mensah','Petrov','Anderson'])[1 + (n * 17 + n / 11) % 30] AS last
       FROM generate_series(1, $2::int) AS n
     ) AS people`,
    [userId, count],
  );
}

/** An old import and a campaign that one in twenty got a week ago. */
async function fillHistory(database: pg.Client, userId: UserId, count: number) {
  const { rows } = await database.query<{ campaignId: string; importId: string }>(
    `WITH campaign AS (
       INSERT INTO campaigns ("userId", name, "messageType", "messageContent", status, "startedAt")
       VALUES ($1, 'Spring', 'text', '{}', 'completed', now() - interval '7 days') RETURNING id
     ), import AS (
       INSERT INTO imports ("userId", "fileName") VALUES ($1, 'people.csv') RETURNING id
     )
     SELECT campaign.id AS "campaignId", import.id AS "importId" FROM campaign, import`,
    [userId],
  );
  const [ids] = rows;
  if (!ids) throw new Error("The database returned no row.");
  await database.query(
    `UPDATE contacts SET "importId" = $2 WHERE id IN (
       SELECT id FROM contacts WHERE "userId" = $1 ORDER BY id OFFSET $3 LIMIT $3)`,
    [userId, ids.importId, Math.round(count / 50)],
  );
  await database.query(
    `INSERT INTO messages ("userId", "campaignId", "contactId", direction, type, content, status, "sentAt")
     SELECT $1, $2, id, 'outbound', 'text', '{}', 'sent', now() - interval '7 days'
     FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM contacts WHERE "userId" = $1) AS numbered WHERE n % 20 = 0`,
    [userId, ids.campaignId],
  );
  return ids;
}

/** Cursors in the middle of the list, by each order. */
async function middleOf(database: pg.Client, userId: UserId, position: number) {
  const at = async (order: string, sortedBy: string) => {
    const { rows } = await database.query<{ cursor: string }>(
      `SELECT id || coalesce('~' || ${sortedBy}, '') AS cursor FROM contacts WHERE "userId" = $1
       ORDER BY ${order} OFFSET $2 LIMIT 1`,
      [userId, position],
    );
    return rows[0]?.cursor ?? "";
  };
  return {
    newest: await at("id DESC", "NULL"),
    name: await at("lower(name), id DESC", "lower(name)"),
    last_reply: await at(`"lastInboundAt" DESC NULLS LAST, id DESC`, `"lastInboundAt"::text`),
  };
}
