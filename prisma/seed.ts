import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { hashPassword } from "../lib/passwords.ts";
import { startPostgres } from "../local/postgres.ts";
import { applyMigrations } from "./migrate.ts";

/** One believable account: 200 people, three templates, a finished campaign and one for next week. */
const people = `
  WITH person AS (
    SELECT n, '+1' || CASE WHEN n < 100 THEN '202' ELSE '212' END || '55501' || lpad((n % 100)::text, 2, '0') AS phone,
      (ARRAY['Asha','Bruno','Chiara','Dmitri','Elif','Fatou','Giulia','Hiro','Ines','Jonas'])[1 + n % 10] || ' ' ||
      (ARRAY['Rao','Costa','Bianchi','Volkov','Demir','Diallo','Rossi','Tanaka','Silva','Berg',
             'Nelson','Okafor','Patel','Meyer','Lund','Haddad','Novak','Kim','Dubois','Greco'])[1 + n / 10] AS name
    FROM generate_series(0, 199) AS n
  ), contact AS (
    INSERT INTO contacts ("userId", phone, name, email, tags, metadata, "optInSource", "optedIn", "optedInAt", "optedOutAt")
    SELECT $1::uuid, phone, name, lower(replace(name, ' ', '.')) || '@example.com',
      CASE n % 4 WHEN 0 THEN '{vip,newsletter}'::text[] WHEN 1 THEN '{}' ELSE '{newsletter}' END,
      jsonb_build_object('City', (ARRAY['Washington','New York'])[1 + n / 100]), 'manual', n % 20 > 0,
      now() - interval '60 days', CASE WHEN n % 20 = 0 THEN now() - interval '5 days' END
    FROM person RETURNING *
  ), field AS (
    INSERT INTO contact_fields ("userId", name) VALUES ($1::uuid, 'City')
  ), suppression AS (
    INSERT INTO suppressions ("userId", "phoneHash")
    SELECT "userId", suppression_hash("userId", phone) FROM contact WHERE NOT "optedIn"
  )
  INSERT INTO consent_events ("userId", "contactId", action, source, wording, "createdAt")
  SELECT "userId", id, 'opt_in'::"ConsentAction", 'manual'::"ConsentSource", 'Signed the list at the counter', "optedInAt"
  FROM contact
  UNION ALL SELECT "userId", id, 'opt_out', 'keyword', 'STOP', "optedOutAt" FROM contact WHERE NOT "optedIn"`;

const body = (text: string, ...example: string[]) =>
  JSON.stringify([{ type: "BODY", text, ...(example.length > 0 && { example: { body_text: [example] } }) }]);

const templates = `
  INSERT INTO templates ("userId", name, category, status, components, "approvedAt") VALUES
    ($1, 'autumn_sale', 'marketing', 'approved', $2::jsonb, now() - interval '30 days'),
    ($1, 'order_ready', 'utility', 'approved', $3::jsonb, now() - interval '30 days'),
    ($1, 'winter_hours', 'marketing', 'draft', $4::jsonb, NULL)`;

const campaigns = `
  INSERT INTO campaigns ("userId", name, "templateId", "messageType", "messageContent", audience, "templateSnapshot",
    status, "scheduledAt", "startedAt", "frozenAt", "completedAt", "createdAt")
  SELECT "userId", campaign.name, id, 'template', '{"parameters":[{"field":"firstName","fallback":"there"}]}',
    campaign.audience, CASE WHEN sent THEN jsonb_build_object(
      'name', template.name, 'language', language, 'category', category, 'components', components) END,
    campaign.status, CASE WHEN NOT sent THEN date_trunc('hour', now()) + interval '7 days' END,
    CASE WHEN sent THEN now() - interval '14 days' END, CASE WHEN sent THEN now() - interval '14 days' END,
    CASE WHEN sent THEN now() - interval '14 days' + interval '2 minutes' END, now() - interval '15 days'
  FROM templates AS template, (VALUES
    ('Autumn sale', '{}'::jsonb, 'completed'::"CampaignStatus", true),
    ('Autumn sale: last days', '{"tags":["vip"]}'::jsonb, 'scheduled'::"CampaignStatus", false)
  ) AS campaign (name, audience, status, sent)
  WHERE "userId" = $1 AND template.name = 'autumn_sale'`;

/** The tallies are counted from the rows, so that they agree. */
const messages = `
  WITH recipient AS (
    SELECT campaign.id AS "campaignId", contact.id AS "contactId", contact."userId", contact.name, campaign."startedAt" AS at,
      row_number() OVER (ORDER BY contact.id) AS n
    FROM campaigns AS campaign JOIN contacts AS contact USING ("userId")
    WHERE "userId" = $1 AND campaign.status = 'completed' AND contact."optedIn"
  ), message AS (
    INSERT INTO messages ("userId", "campaignId", "contactId", direction, type, content, status, "whatsappMessageId",
      "sentAt", "deliveredAt", "readAt", "failedAt", "errorCode", "errorMessage", "createdAt")
    SELECT "userId", "campaignId", "contactId", 'outbound', 'template',
      jsonb_build_object('parameters', jsonb_build_array(split_part(name, ' ', 1))),
      CASE WHEN n % 30 = 0 THEN 'failed' WHEN n % 25 = 0 THEN 'sent' WHEN n % 3 = 0 THEN 'delivered' ELSE 'read' END::"MessageStatus",
      'wamid.seed.' || "contactId", at + n * interval '15 ms',
      CASE WHEN n % 30 > 0 AND n % 25 > 0 THEN at + n * interval '1 s' END,
      CASE WHEN n % 30 > 0 AND n % 25 > 0 AND n % 3 > 0 THEN at + n * interval '1 minute' END,
      CASE WHEN n % 30 = 0 THEN at + n * interval '1 s' END, CASE WHEN n % 30 = 0 THEN '131026' END,
      CASE WHEN n % 30 = 0 THEN 'The number is not reachable on WhatsApp.' END, at
    FROM recipient RETURNING *
  )
  UPDATE campaigns SET "totalRecipients" = tally.total, "sentCount" = tally.sent, "deliveredCount" = tally.delivered,
    "readCount" = tally.read, "failedCount" = tally.failed
  FROM (SELECT "campaignId", count(*) AS total, count("sentAt") AS sent, count("deliveredAt") AS delivered,
          count("readAt") AS read, count("failedAt") AS failed FROM message GROUP BY "campaignId") AS tally
  WHERE campaigns."userId" = $1 AND campaigns.id = tally."campaignId"`;

/** False when the account is there already: then nothing is touched. */
export async function seed(databaseUrl: string, email: string, password: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("BEGIN");
    const { rows } = await client.query(
      `INSERT INTO users (email, "passwordHash", "businessName", "timeZone", "defaultCountry")
       VALUES (lower($1), $2, 'Torre Bakery', 'America/New_York', 'US') ON CONFLICT (email) DO NOTHING RETURNING id`,
      [email, await hashPassword(password)],
    );
    const userId: string | undefined = rows[0]?.id;
    if (!userId) return false;
    await client.query(people, [userId]);
    await client.query(templates, [
      userId,
      body(
        "Hi {{1}}, our autumn sale starts on Saturday: everything is 20% off. Reply STOP to opt out.",
        "Asha",
      ),
      body("Hi {{1}}, your order is ready. We are open until 7 pm.", "Asha"),
      body("From December on we open at 8 am. Reply STOP to opt out."),
    ]);
    await client.query(campaigns, [userId]);
    await client.query(messages, [userId]);
    await client.query("COMMIT");
    return true;
  } finally {
    await client.end();
  }
}

async function runCommand(): Promise<void> {
  for (const file of [".env.local", ".env"]) if (existsSync(file)) process.loadEnvFile(file);
  const { DATABASE_URL: given, SEED_EMAIL: email = "demo@example.com", SEED_PASSWORD } = process.env;
  const password = SEED_PASSWORD ?? randomBytes(12).toString("base64url");
  const database = given
    ? { url: given, stop: async () => {} }
    : await startPostgres({ directory: fileURLToPath(new URL("../.campanile/postgres", import.meta.url)) });
  try {
    await applyMigrations(database.url);
    const isNew = await seed(database.url, email, password);
    if (!isNew) console.log(`The account ${email} is there already; nothing was changed.`);
    else
      console.log(
        `Sign in as ${email}${SEED_PASSWORD ? "." : ` with the password ${password} (shown only now).`}`,
      );
  } finally {
    await database.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand();
