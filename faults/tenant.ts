import { randomBytes } from "node:crypto";
import { comesTrue, insist } from "@/faults/patience";
import type { Stage } from "@/faults/stage";
import { Browser } from "@/local/browser";

/** Somebody who has just signed up. */
export type Owner = { userId: string; wabaId: string; phoneNumberId: string; browser: Browser };

/** An owner with a number, people and a campaign to all of them. */
export type Tenant = {
  userId: string;
  wabaId: string;
  phoneNumberId: string;
  campaignId: string;
  messagesPerSecond: number;
  recipients: number;
  browser: Browser;
};

/** Neither marketing nor promotional: people whom WhatsApp holds back would be tried again a day later. */
export const TEMPLATE = {
  name: "order_ready",
  language: "en_US",
  category: "utility",
  components: [
    {
      type: "BODY",
      text: "Hi {{1}}, your order {{2}} is ready to be picked up at our counter.",
      example: { body_text: [["Asha", "1042"]] },
    },
  ],
};

/** Signs up through the app and signs in. */
export async function openOwner(stage: Stage, name: string): Promise<Owner> {
  const browser = new Browser(stage.url);
  const email = `${name}-${randomBytes(6).toString("hex")}@campanile.example`;
  const password = randomBytes(12).toString("base64url");
  await browser.post("/api/sign-up", {
    email,
    password,
    businessName: name,
    timeZone: "UTC",
    defaultCountry: "DE",
  });
  if (!(await browser.signIn(email, password))) throw new Error("The new account cannot sign in.");
  const [user] = await stage.query<Omit<Owner, "browser">>(
    `SELECT "id" AS "userId", "wabaId", "phoneNumberId" FROM users WHERE "email" = $1`,
    [email],
  );
  if (!user?.phoneNumberId) throw new Error("The new account has no number in the sandbox.");
  return { ...user, browser };
}

/** Has a template approved and prepares a campaign, all through the app as an owner does. */
export async function openTenant(
  stage: Stage,
  name: string,
  recipients: number,
  messagesPerSecond: number,
): Promise<Tenant> {
  const owner = await openOwner(stage, name);
  const { userId, phoneNumberId, browser } = owner;
  await stage.query(`UPDATE users SET "messagesPerSecond" = $2 WHERE id = $1`, [userId, messagesPerSecond]);
  // Faster than the product may be, so that no refusal comes from a number that is only just fast enough.
  await stage.sandbox.changeNumber(phoneNumberId, {
    mps: Math.min(999, messagesPerSecond * 2),
    tier: "TIER_UNLIMITED",
  });
  await createContacts(stage, userId, recipients);
  const campaignId = await createCampaign(browser, await approveTemplate(browser));
  return { ...owner, campaignId, messagesPerSecond, recipients };
}

/**
 * All tenants write to the same numbers, the sandbox's magic ones among them but for 0049, whom WhatsApp holds back
 * for a day.
 */
async function createContacts({ query }: Stage, userId: string, count: number): Promise<void> {
  await query(
    `INSERT INTO contacts ("userId", "phone", "name", "optedIn", "optedInAt", "optInSource")
     SELECT $1, '+4915' || lpad(n::text, 9, '0'), 'Person ' || n, true, now(), 'csv'
     FROM generate_series(1, $2::int + 1) AS n WHERE n <> 49 LIMIT $2`,
    [userId, count],
  );
  await query("ANALYZE contacts");
}

async function approveTemplate(browser: Browser): Promise<string> {
  const { id } = await browser.post<{ id: string }>("/api/templates", TEMPLATE);
  await browser.post(`/api/templates/${id}/submit`);
  const isApproved = await comesTrue(async () => {
    const { status } = await browser.get<{ status: string }>(`/api/templates/${id}`);
    return status === "approved";
  }, 20_000);
  if (!isApproved) throw new Error("The template was not approved.");
  return id;
}

async function createCampaign(browser: Browser, templateId: string): Promise<string> {
  const { id } = await browser.post<{ id: string }>("/api/campaigns", {
    name: "Orders of today",
    messageType: "template",
    templateId,
    messageContent: { parameters: [{ field: "firstName", fallback: "there" }, "1042"] },
    audience: { tags: [], match: "any", excludeTags: [] },
  });
  return id;
}

export const launch = ({ browser, campaignId }: Tenant) =>
  insist("to launch the campaign", () => browser.post(`/api/campaigns/${campaignId}/launch`), 5_000);

/** Whether it worked: the server may be away, or the campaign in another state. */
export const tryTo = (verb: "pause" | "resume", { browser, campaignId }: Tenant): Promise<boolean> =>
  browser.post(`/api/campaigns/${campaignId}/${verb}`).then(
    () => true,
    () => false,
  );
