import { createHash } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { env } from "@/lib/env";
import { applyMigrations, createScratchDatabase, findDifference } from "@/prisma/migrate";

/**
 * The specification, table by table: column, type, `?` for one that may be null, and its default.
 * One difference is meant: people who write without showing a number have no `contacts.phone`.
 */
const tables: Record<string, string> = {
  users: `
    id uuid
    email text
    businessName text?
    wabaId text?
    phoneNumberId text?
    accessToken text
    webhookVerifyToken text?
    subscriptionTier SubscriptionTier
    isActive boolean = true
    createdAt timestamptz
    updatedAt timestamptz`,
  contacts: `
    id uuid
    userId uuid
    phone text?
    name text?
    email text?
    optedIn boolean = false
    optedInAt timestamptz?
    optedOutAt timestamptz?
    optInSource OptInSource
    tags text[]
    metadata jsonb
    isBlocked boolean = false
    blockedReason text?
    createdAt timestamptz
    updatedAt timestamptz`,
  templates: `
    id uuid
    userId uuid
    name text
    whatsappTemplateId text?
    language text = 'en_US'
    category TemplateCategory
    status TemplateStatus
    components jsonb
    rejectionReason text?
    approvedAt timestamptz?
    createdAt timestamptz
    updatedAt timestamptz`,
  campaigns: `
    id uuid
    userId uuid
    name text
    templateId uuid?
    messageType MessageType
    messageContent jsonb
    status CampaignStatus
    scheduledAt timestamptz?
    startedAt timestamptz?
    completedAt timestamptz?
    totalRecipients integer = 0
    sentCount integer = 0
    deliveredCount integer = 0
    failedCount integer = 0
    readCount integer = 0
    errorMessage text?
    createdAt timestamptz
    updatedAt timestamptz`,
  messages: `
    id uuid
    campaignId uuid?
    contactId uuid
    userId uuid
    whatsappMessageId text?
    direction MessageDirection
    type MessageContentType
    content jsonb
    status MessageStatus
    sentAt timestamptz?
    deliveredAt timestamptz?
    readAt timestamptz?
    failedAt timestamptz?
    errorCode text?
    errorMessage text?
    retryCount integer = 0
    metadata jsonb
    createdAt timestamptz
    updatedAt timestamptz`,
  webhook_events: `
    id uuid
    userId uuid?
    eventType text
    payload jsonb
    messageId uuid?
    processed boolean = false
    processedAt timestamptz?
    errorMessage text?
    receivedAt timestamptz = now
    createdAt timestamptz`,
};

const enums: Record<string, string> = {
  SubscriptionTier: "free basic pro",
  OptInSource: "manual csv api webhook",
  TemplateCategory: "marketing utility authentication",
  TemplateStatus: "draft pending approved rejected",
  MessageType: "text template",
  CampaignStatus: "draft scheduled processing completed failed paused",
  MessageDirection: "outbound inbound",
  MessageContentType: "text template image document",
  MessageStatus: "queued sent delivered read failed",
};

const uniques = [
  "users(id)",
  "users(email)",
  "contacts(id)",
  "contacts(userId, phone)",
  "templates(id)",
  "templates(userId, name)",
  "campaigns(id)",
  "messages(id)",
  "messages(whatsappMessageId)",
  "webhook_events(id)",
];

/**
 * Each is the leading column of an index over all rows, or any column of a GIN index, which needs no leading one. No
 * query asks for a phone or an opt-in without its tenant: those are served by what begins with `userId`. For
 * `messages.status` see the query patterns below.
 */
const indexes = [
  "users(email)",
  "contacts(userId)",
  "contacts(tags)",
  "campaigns(userId)",
  "campaigns(status)",
  "campaigns(scheduledAt)",
  "messages(campaignId)",
  "messages(contactId)",
  "messages(userId)",
  "messages(whatsappMessageId)",
  "webhook_events(userId)",
  "webhook_events(receivedAt)",
];

const relations = [
  "contacts(userId) -> users",
  "templates(userId) -> users",
  "campaigns(userId) -> users",
  "campaigns(templateId) -> templates",
  "messages(userId) -> users",
  "messages(campaignId) -> campaigns",
  "messages(contactId) -> contacts",
  "webhook_events(userId) -> users",
  "webhook_events(messageId) -> messages",
];

/** The query patterns of the specification's section "Indexes and Performance", and the index that serves each. */
const patterns: [query: string, index: string][] = [
  [`SELECT * FROM contacts WHERE "userId" = $tenant AND "optedIn" = true`, "contacts_userId_optedIn_id_idx"],
  [`SELECT * FROM contacts WHERE "userId" = $tenant AND phone = '+10000000042'`, "contacts_userId_phone_key"],
  // PostgreSQL 18 skips through the tenants; no query of the product leaves the tenant out.
  [`SELECT * FROM contacts WHERE phone = '+10000000042'`, "contacts_userId_phone_key"],
  [`SELECT * FROM contacts WHERE tags @> ARRAY['rare']`, "contacts_filter_idx"],
  [`SELECT * FROM contacts WHERE "userId" = $tenant AND tags && ARRAY['rare']`, "contacts_filter_idx"],
  [`SELECT * FROM contacts WHERE "userId" = $tenant ORDER BY id DESC LIMIT 50`, "contacts_userId_id_key"],
  [`SELECT * FROM contacts WHERE "userId" = $tenant ORDER BY lower(name), id LIMIT 50`, "contacts_name_idx"],
  [
    `SELECT * FROM contacts WHERE "userId" = $tenant AND metadata @> '{"City": "rare"}'`,
    "contacts_filter_idx",
  ],
  [
    `SELECT * FROM contacts WHERE "userId" = $tenant AND contact_search_text(name, email, phone, metadata) LIKE '%00042%'`,
    "contacts_filter_idx",
  ],
  [`SELECT * FROM campaigns WHERE status = 'scheduled' AND "scheduledAt" <= now()`, "campaigns_status_idx"],
  [`SELECT * FROM campaigns WHERE "userId" = $tenant`, "campaigns_userId_idx"],
  [
    `SELECT * FROM webhook_events WHERE processed = false ORDER BY "receivedAt" ASC`,
    "webhook_events_unprocessed_idx",
  ],
  [`SELECT * FROM webhook_events WHERE processed = false`, "webhook_events_unprocessed_idx"],
  [`SELECT * FROM webhook_events WHERE "eventType" = 'rare'`, "webhook_events_rare_idx"],
  [`SELECT * FROM webhook_events WHERE "messageId" = $message`, "webhook_events_message_idx"],
  [
    `SELECT * FROM webhook_events WHERE "userId" = $tenant ORDER BY id DESC LIMIT 50`,
    "webhook_events_userId_id_idx",
  ],
  [`SELECT * FROM messages WHERE "failedAt" IS NOT NULL AND "retryCount" < 3`, "messages_failed_idx"],
  [`SELECT * FROM messages WHERE status = 'sending' AND "claimedAt" < now()`, "messages_sending_idx"],
  [
    `SELECT * FROM messages WHERE "campaignId" = $campaign AND "notBefore" <= now() ORDER BY "notBefore", id LIMIT 50`,
    "messages_queued_idx",
  ],
  [
    `SELECT * FROM messages WHERE "campaignId" = $campaign ORDER BY id LIMIT 50`,
    "messages_campaignId_id_idx",
  ],
  [`SELECT * FROM messages WHERE "userId" = $tenant ORDER BY id LIMIT 50`, "messages_userId_id_idx"],
  [`SELECT * FROM messages WHERE "contactId" = $contact`, "messages_contactId_idx"],
  [
    `SELECT * FROM messages WHERE "userId" = $tenant AND "contactId" = $contact ORDER BY "sentAt" DESC LIMIT 30`,
    "messages_contactId_idx",
  ],
  [`SELECT * FROM messages WHERE "whatsappMessageId" = 'wamid.42'`, "messages_whatsappMessageId_key"],
  [
    `SELECT * FROM conversations WHERE "userId" = $tenant ORDER BY "lastInboundId" DESC LIMIT 30`,
    "conversations_userId_lastInboundId_idx",
  ],
  [
    `SELECT count(*) FROM conversations WHERE "userId" = $tenant AND ("lastSeenId" IS NULL OR "lastSeenId" < "lastInboundId")`,
    "conversations_unread_idx",
  ],
];

/** Twenty tenants after a few campaigns, one of them large: most messages are read, most events processed. */
const population = `
  INSERT INTO users (email, "passwordHash") SELECT i || '@example.com', '' FROM generate_series(1, 20) i;

  INSERT INTO contacts ("userId", phone, "optedIn", tags)
  SELECT users.id, '+1' || lpad((row_number() OVER ())::text, 10, '0'), i % 5 = 0,
         CASE i WHEN 7 THEN ARRAY['rare'] ELSE ARRAY['customer'] END
  FROM users, generate_series(1, 200) i;

  INSERT INTO campaigns ("userId", name, "messageType", "messageContent", status, "scheduledAt")
  SELECT users.id, i::text, 'text', '{}', CASE i WHEN 1 THEN 'scheduled' ELSE 'completed' END::"CampaignStatus", now()
  FROM users, generate_series(1, 50) i;

  INSERT INTO messages ("campaignId", "contactId", "userId", direction, type, content, status, "notBefore", "claimedAt",
    "failedAt", "whatsappMessageId")
  SELECT "campaignId", "contactId", "userId", 'outbound', 'text', '{}',
         CASE number % 100 WHEN 0 THEN 'queued' WHEN 1 THEN 'sending' WHEN 2 THEN 'failed' ELSE 'read' END::"MessageStatus",
         CASE number % 100 WHEN 0 THEN now() END, CASE number % 100 WHEN 1 THEN now() END,
         CASE number % 100 WHEN 2 THEN now() END,
         'wamid.' || number
  FROM (
    SELECT campaigns.id AS "campaignId", contacts.id AS "contactId", "userId", row_number() OVER () AS number
    FROM campaigns JOIN contacts USING ("userId") WHERE campaigns.name IN ('1', '2', '3', '4', '5')
  ) recipients;

  INSERT INTO webhook_events ("userId", "messageId", "eventType", payload, processed)
  SELECT "userId", id, CASE number % 500 WHEN 0 THEN 'rare' ELSE 'message_status' END, '{}', number % 100 <> 0
  FROM (SELECT id, "userId", row_number() OVER () AS number FROM messages) reported;

  INSERT INTO contacts ("userId", phone)
  SELECT id, '+2' || lpad(i::text, 10, '0') FROM users, generate_series(1, 3000) i WHERE email = '1@example.com';

  INSERT INTO messages ("contactId", "userId", direction, type, content, status)
  SELECT id, "userId", 'inbound', 'text', '{}', 'delivered' FROM contacts;

  UPDATE conversations SET "lastSeenId" = "lastInboundId" WHERE hashtext("contactId"::text) % 50 <> 0;
`;

async function findDeviations(client: pg.Client): Promise<string[]> {
  const read = async (query: string) =>
    (await client.query<{ fact: string }>(query)).rows.map(({ fact }) => fact);
  const columns = await read(`
    SELECT relname || '.' || attname || ' ' ||
           replace(replace(format_type(atttypid, NULL), '"', ''), 'timestamp with time zone', 'timestamptz') ||
           CASE WHEN attnotnull THEN '' ELSE '?' END AS fact
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped`);
  const defaults = await read(`
    SELECT relname || '.' || attname || ' = ' ||
           replace(split_part(pg_get_expr(adbin, adrelid), '::', 1), 'CURRENT_TIMESTAMP', 'now') AS fact
    FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum JOIN pg_class ON pg_class.oid = adrelid`);
  const values = await read(`
    SELECT typname || '.' || enumlabel AS fact FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid`);
  const keys = await read(`
    SELECT format('%s(%s)', relname, string_agg(attname, ', ' ORDER BY ordinality)) AS fact
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    CROSS JOIN unnest(indkey) WITH ORDINALITY AS key(number, ordinality)
    JOIN pg_attribute ON attrelid = indrelid AND attnum = number
    WHERE indisunique AND indisvalid AND indpred IS NULL GROUP BY indexrelid, relname`);
  const leading = await read(`
    SELECT format('%s(%s)', pg_class.relname, attname) AS fact
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    JOIN pg_class index ON index.oid = indexrelid JOIN pg_am ON pg_am.oid = index.relam
    JOIN pg_attribute ON attrelid = indrelid AND (attnum = indkey[0] OR (amname = 'gin' AND attnum = ANY (indkey)))
    WHERE indisvalid AND indpred IS NULL`);
  const references = await read(`
    SELECT format('%s(%s) -> %s', conrelid::regclass, attname, confrelid::regclass) AS fact
    FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey) WHERE contype = 'f'`);

  const lines = Object.entries(tables).flatMap(([table, text]) =>
    text
      .trim()
      .split("\n")
      .map((line) => `${table}.${line.trim()}`),
  );
  const lacking = (kind: string, wanted: string[], present: string[]) =>
    wanted.filter((fact) => !present.includes(fact)).map((fact) => `${kind} ${fact}`);
  return [
    ...lacking(
      "column",
      lines.map((line) => line.replace(/ = .*/, "")),
      columns,
    ),
    ...lacking(
      "default",
      lines.filter((line) => line.includes(" = ")).map((line) => line.replace(/ .* = /, " = ")),
      defaults,
    ),
    ...lacking(
      "value",
      Object.entries(enums).flatMap(([name, labels]) => labels.split(" ").map((label) => `${name}.${label}`)),
      values,
    ),
    ...lacking("unique", uniques, keys),
    ...lacking("index", indexes, leading),
    ...lacking("relation", relations, references),
  ];
}

describe("the migrated database", () => {
  let scratch: Awaited<ReturnType<typeof createScratchDatabase>>;
  let client: pg.Client;

  beforeAll(async () => {
    scratch = await createScratchDatabase(env.DATABASE_URL);
    await applyMigrations(scratch.url);
    client = new pg.Client({ connectionString: scratch.url });
    await client.connect();
    await client.query(`${population}; ANALYZE`);
  });

  afterAll(async () => {
    await client.end();
    await scratch.drop();
  });

  test("has everything of the specification", async () => {
    expect(await findDeviations(client)).toEqual([]);
  });

  test("would be caught lacking something", async () => {
    await client.query("BEGIN");
    await client.query(`
      ALTER TABLE contacts DROP COLUMN tags;
      ALTER TABLE users ALTER email DROP NOT NULL, ALTER "isActive" SET DEFAULT false;
      ALTER TABLE messages ALTER "sentAt" TYPE timestamp, DROP CONSTRAINT "messages_userId_contactId_fkey";
      ALTER TYPE "OptInSource" RENAME VALUE 'csv' TO 'file';
      DROP INDEX "templates_userId_name_key", "campaigns_scheduledAt_idx"`);

    const deviations = await findDeviations(client).finally(() => client.query("ROLLBACK"));

    expect(deviations).toEqual([
      "column users.email text",
      "column contacts.tags text[]",
      "column messages.sentAt timestamptz?",
      "default users.isActive = true",
      "value OptInSource.csv",
      "unique templates(userId, name)",
      "index contacts(tags)",
      "index campaigns(scheduledAt)",
      "relation messages(contactId) -> contacts",
    ]);
  });

  test("is what prisma/schema.prisma describes", async () => {
    expect(await findDifference(scratch.url)).toBeNull();
  });

  test.each(patterns)("answers %s through %s", async (query, index) => {
    const { rows: samples } = await client.query<Record<string, string>>(
      `SELECT "userId" AS tenant, "campaignId" AS campaign, "contactId" AS contact, messages.id AS message
       FROM messages JOIN users ON users.id = "userId" WHERE email = '1@example.com' LIMIT 1`,
    );
    const bound = query.replace(/\$(\w+)/g, (_, name: string) => `'${samples[0]?.[name]}'`);

    const { rows } = await client.query<{ "QUERY PLAN": string }>(`EXPLAIN ${bound}`);

    expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain(index);
  });

  test("leaves room on the pages of messages for their updates", async () => {
    const { rows } = await client.query("SELECT reloptions FROM pg_class WHERE relname = 'messages'");

    expect(rows).toEqual([{ reloptions: ["fillfactor=80"] }]);
  });

  test("deletes everything of a tenant with the tenant", async () => {
    await client.query("BEGIN");
    await client.query(`DELETE FROM users WHERE email = '1@example.com'`);

    const { rows } = await client
      .query(
        `SELECT count(*)::int AS contacts, (SELECT count(*)::int FROM messages) AS messages FROM contacts`,
      )
      .finally(() => client.query("ROLLBACK"));

    expect(rows).toEqual([{ contacts: 19 * 200, messages: 19 * 200 * 6 }]);
  });

  test.each([
    ["a phone number that is not E.164", `phone = '0170 123456'`, "contacts_phone_e164_check"],
    ["a person nobody can reach", "phone = NULL", "contacts_reachable_check"],
  ])("refuses %s", async (_, change, constraint) => {
    await expect(client.query(`UPDATE contacts SET ${change}`)).rejects.toMatchObject({ constraint });
  });

  test("makes ids of version 7 that grow with time", async () => {
    const before = Date.now();
    const { rows } = await client.query<{ id: string }>(
      "SELECT uuid_v7()::text AS id FROM generate_series(1, 1000) ORDER BY generate_series",
    );
    const after = Date.now();

    const ids = rows.map(({ id }) => id);
    const times = ids.map((id) => Number.parseInt(id.replace("-", "").slice(0, 12), 16));
    expect(new Set(ids).size).toBe(1000);
    expect(
      ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toBe(true);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(before - 1);
    expect(Math.max(...times)).toBeLessThanOrEqual(after + 1);
  });

  test("hashes suppressed phone numbers per tenant", async () => {
    const userId = "01900000-0000-7000-8000-000000000000";
    const { rows } = await client.query("SELECT suppression_hash($1, $2) AS hash", [userId, "+491701234567"]);

    const hash = createHash("sha256").update(`${userId}:+491701234567`).digest("hex");
    expect(rows).toEqual([{ hash }]);
  });
});
