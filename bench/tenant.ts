import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { SandboxAccount } from "@/bench/sandbox";
import type { Stage } from "@/bench/stage";
import type { Filter } from "@/lib/contact-filters/schema";
import type { UserId } from "@/lib/tenant";

export const VERIFY_TOKEN = "a verify token";

export const template = {
  name: "spring_sale",
  language: "en_US",
  category: "MARKETING",
  components: [
    {
      type: "BODY",
      text: "Hi {{1}}, until Sunday everything is {{2}} off in our shop in your town. Come by, the new collection waits!",
      example: { body_text: [["Asha", "20%"]] },
    },
    { type: "FOOTER", text: "Reply STOP to hear no more from us" },
  ],
};

export type Tenant = { userId: UserId; account: SandboxAccount };

/** A number of the sandbox that may send this fast, with an approved template. */
export async function openAccount({ sandbox }: Stage, messagesPerSecond: number): Promise<SandboxAccount> {
  const account = await sandbox.createAccount(messagesPerSecond);
  await sandbox.createTemplate(account, template);
  return account;
}

/** An account of the product that is connected to a number of its own. */
export async function createTenant(stage: Stage, messagesPerSecond: number): Promise<Tenant> {
  const { encrypt } = await import("@/lib/crypto");
  const account = await openAccount(stage, messagesPerSecond);
  const { rows } = await stage.database.query<{ id: UserId }>(
    `INSERT INTO users ("email", "passwordHash", "isSandbox", "wabaId", "phoneNumberId", "displayPhoneNumber", "appId",
       "messagesPerSecond")
     VALUES ($1, 'none', true, $2, $3, $4, $5, $6) RETURNING "id"`,
    [
      `${randomUUID()}@example.com`,
      account.wabaId,
      account.phoneNumberId,
      account.displayPhoneNumber,
      account.appId,
      messagesPerSecond,
    ],
  );
  const userId = onlyOf(rows).id;
  await stage.database.query(
    `UPDATE users SET "accessToken" = $2, "appSecret" = $3, "webhookVerifyToken" = $4 WHERE "id" = $1`,
    [
      userId,
      encrypt(userId, "accessToken", account.accessToken),
      encrypt(userId, "appSecret", account.appSecret),
      encrypt(userId, "webhookVerifyToken", VERIFY_TOKEN),
    ],
  );
  return { userId, account };
}

/** People with a name and mostly with a city. No number ends as one of the sandbox's magic numbers does. */
export async function createContacts(database: pg.Client, userId: UserId, count: number): Promise<void> {
  await database.query(
    `INSERT INTO contacts ("userId", "phone", "name", "metadata", "optedIn", "optedInAt", "optInSource")
     SELECT $1, '+49151' || lpad(n::text, 7, '0') || '5',
       (ARRAY['Asha','Bruno','Chiara','Dmitri','Elif','Fatou','Giulia'])[1 + n % 7] || ' ' ||
       (ARRAY['Rao','Costa','Bianchi','Volkov','Demir','Diallo','Rossi','Tanaka','Silva','Berg','Nelson'])[1 + n % 11],
       CASE WHEN n % 10 = 0 THEN '{}' ELSE jsonb_build_object('City', 'Town ' || n % 997) END, true, now(), 'csv'
     FROM generate_series(1, $2::int) AS n`,
    [userId, count],
  );
  await database.query("VACUUM ANALYZE contacts");
}

/** A campaign whose audience is to be frozen. */
export async function createCampaign(
  database: pg.Client,
  userId: UserId,
  filter: Filter = [],
): Promise<string> {
  const { rows } = await database.query<{ id: string }>(
    `INSERT INTO campaigns ("userId", "name", "messageType", "messageContent", "status", "startedAt", "templateSnapshot",
       "audience")
     VALUES ($1, 'Benchmark', 'template', $2, 'processing', now(), $3, $4) RETURNING "id"`,
    [
      userId,
      {
        parameters: [
          { field: "name", fallback: "friend" },
          { field: "metadata.City", fallback: "your town" },
        ],
      },
      { ...template, category: "marketing" },
      { filter },
    ],
  );
  return onlyOf(rows).id;
}

/** A campaign to the first `count` people, ready to be sent; nobody has been woken for it. */
export async function queueCampaign(database: pg.Client, userId: UserId, count: number): Promise<string> {
  const id = await createCampaign(database, userId);
  await database.query(
    `INSERT INTO messages ("userId", "campaignId", "contactId", "notBefore", "direction", "type", "content")
     SELECT $1, $2, "id", now(), 'outbound', 'template', jsonb_build_object('parameters', jsonb_build_array("name", '20%'))
     FROM contacts WHERE "userId" = $1 ORDER BY "id" LIMIT $3`,
    [userId, id, count],
  );
  await database.query(
    `UPDATE campaigns SET "totalRecipients" = $3, "frozenAt" = now() WHERE "userId" = $1 AND "id" = $2`,
    [userId, id, count],
  );
  await database.query("VACUUM ANALYZE messages");
  await database.query("CHECKPOINT");
  return id;
}

/** How many messages of a campaign are in each state. */
export async function statesOf(database: pg.Client, campaignId: string): Promise<Record<string, number>> {
  const { rows } = await database.query<{ status: string; count: number }>(
    `SELECT "status", count(*)::int AS count FROM messages WHERE "campaignId" = $1 GROUP BY "status"`,
    [campaignId],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** Throws unless all messages of a campaign ended this way: a benchmark that lost messages measured nothing. */
export async function requireAll(database: pg.Client, campaignId: string, status: string, count: number) {
  const states = await statesOf(database, campaignId);
  if (states[status] !== count) {
    throw new Error(`${count} messages should be ${status}, but they are ${JSON.stringify(states)}.`);
  }
}

function onlyOf<Row>(rows: Row[]): Row {
  const [row] = rows;
  if (!row) throw new Error("The database returned no row.");
  return row;
}
