import * as z from "zod";
import { env } from "@/lib/env";
import type { ConnectionCheck } from "@/lib/users/schema";
import { type GraphAccess, GraphError, graph } from "@/lib/whatsapp/client";
import { causeOf } from "@/lib/whatsapp/errors";
import {
  business,
  check,
  inspectedTokenSchema,
  judgeNumber,
  judgeQuality,
  judgeRefusal,
  judgeSecret,
  judgeToken,
  numberSchema,
  type PhoneNumber,
  phone,
  token,
  webhooks,
} from "@/lib/whatsapp/verdicts";

export type Candidate = GraphAccess & {
  wabaId: string;
  phoneNumberId: string;
  appId: string | null;
  appSecret: string | null;
};

export type Inspection = {
  checks: ConnectionCheck[];
  appId: string | null;
  displayPhoneNumber: string | null;
  /** Whether Meta says outright that the number may send. */
  maySend: boolean;
};

/** Where Meta calls this installation. */
export const webhookCallbackUrl = new URL("/api/webhooks", env.NEXTAUTH_URL).toString();

const numbersSchema = z.object({
  data: z.array(numberSchema),
  paging: z
    .object({ cursors: z.object({ after: z.string() }).optional(), next: z.string().optional() })
    .optional(),
});

/** Meta's answer or its refusal. Throws when there was neither, or one that says nothing about the account. */
async function ask<T>(access: GraphAccess, path: string, schema: z.ZodType<T>): Promise<T | GraphError> {
  return graph(access, "GET", path, schema).catch((error: unknown) => {
    if (!(error instanceof GraphError) || error.code === null) throw error;
    if (causeOf(error.code).retry === "soon") throw new GraphError(null, causeOf(error.code).words);
    return error;
  });
}

/** Asks Meta, in an order in which each answer explains the next, and stops where the next would only repeat it. */
export async function inspectAccount(candidate: Candidate, timeZone: string): Promise<Inspection> {
  const found: Inspection = { checks: [], appId: candidate.appId, displayPhoneNumber: null, maySend: false };
  try {
    const isUsable = await inspectToken(candidate, timeZone, found);
    if (isUsable && (await inspectBusiness(candidate, found))) await inspectNumber(candidate, found);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    found.checks.push(
      check("WhatsApp")("error", `${error.message.replace(/\.$/, "")}. Try again in a minute.`),
    );
  }
  return found;
}

async function inspectToken(candidate: Candidate, timeZone: string, found: Inspection): Promise<boolean> {
  const { appId, appSecret, isSandbox, accessToken } = candidate;
  const path = `/debug_token?input_token=${encodeURIComponent(accessToken)}`;
  const bySelf = await ask(candidate, path, inspectedTokenSchema);
  found.appId ??= bySelf instanceof GraphError ? null : (bySelf.data.app_id ?? null);

  const asApp = found.appId && appSecret ? { isSandbox, accessToken: `${found.appId}|${appSecret}` } : null;
  const byApp = asApp && (await ask(asApp, path, inspectedTokenSchema));

  // Meta lets some tokens be inspected by their app only.
  const answer = bySelf instanceof GraphError && byApp && !(byApp instanceof GraphError) ? byApp : bySelf;
  const result = answer instanceof GraphError ? judgeRefusal(answer) : judgeToken(answer.data, timeZone);
  found.checks.push(result);
  if (result.state === "error") return false;

  const owner = answer instanceof GraphError ? undefined : answer.data.app_id;
  if (appId && owner && owner !== appId) {
    found.checks.push(
      token("error", `The access token belongs to the app ${owner}, not to ${appId}.`, "appId"),
    );
  } else {
    found.checks.push(judgeSecret(found.appId, appSecret, byApp instanceof GraphError ? byApp : null));
  }
  return true;
}

async function inspectBusiness(candidate: Candidate, found: Inspection): Promise<boolean> {
  const schema = z.object({ id: z.string(), name: z.string().optional() });
  const answer = await ask(candidate, `/${candidate.wabaId}?fields=id,name`, schema);
  if (answer instanceof GraphError) {
    const advice =
      "In Meta's business settings assign the account to the token's system user with full control";
    const words = `The token cannot see this WhatsApp Business Account. ${advice}, or correct the id.`;
    found.checks.push(business("error", words, "wabaId"));
    return false;
  }
  found.checks.push(business("ok", answer.name ?? `Account ${answer.id}`));
  return true;
}

async function inspectNumber(candidate: Candidate, found: Inspection): Promise<void> {
  const numbers = await listNumbers(candidate);
  const listed = numbers.find(({ id }) => id === candidate.phoneNumberId);
  const fields = "id,display_phone_number,status,name_status,quality_rating,health_status";
  const details = await ask(candidate, `/${candidate.phoneNumberId}?fields=${fields}`, numberSchema);
  if (!listed) {
    const words =
      details instanceof GraphError
        ? "This phone number id does not exist or belongs to another WhatsApp Business Account."
        : "This phone number id belongs to another WhatsApp Business Account.";
    const known = numbers
      .slice(0, 3)
      .map(({ id, display_phone_number }) => `${id} (${display_phone_number ?? "no number"})`);
    const advice =
      known.length > 0 ? ` This account has ${known.join(", ")}.` : " This account has no phone number yet.";
    found.checks.push(phone("error", `${words}${advice}`, "phoneNumberId"));
    return;
  }
  const number = details instanceof GraphError ? listed : { ...listed, ...details };
  const verdict = judgeNumber(number);
  found.displayPhoneNumber = number.display_phone_number ?? null;
  found.maySend = verdict.state === "ok" && (number.health_status?.entities.length ?? 0) > 0;
  found.checks.push(verdict, ...judgeQuality(number));
}

async function listNumbers(candidate: Candidate): Promise<PhoneNumber[]> {
  const numbers: PhoneNumber[] = [];
  let after = "";
  do {
    const path = `/${candidate.wabaId}/phone_numbers?fields=id,display_phone_number&limit=100${after}`;
    const page = await ask(candidate, path, numbersSchema);
    if (page instanceof GraphError) return numbers;
    numbers.push(...page.data);
    const cursor = page.paging?.next && page.paging.cursors?.after;
    after = cursor ? `&after=${encodeURIComponent(cursor)}` : "";
  } while (after && numbers.length < 1000);
  return numbers;
}

const successSchema = z.object({ success: z.union([z.literal(true), z.literal("true")]) });

/**
 * Has Meta send this account's webhooks here. Meta calls the address at once with the verify token, so that must be
 * stored before.
 */
export async function subscribeWebhooks(candidate: Candidate, verifyToken: string): Promise<ConnectionCheck> {
  const body = { override_callback_uri: webhookCallbackUrl, verify_token: verifyToken };
  return graph(candidate, "POST", `/${candidate.wabaId}/subscribed_apps`, successSchema, body).then(
    () => webhooks("ok", `WhatsApp reports to ${webhookCallbackUrl}.`),
    (error: unknown) => {
      if (!(error instanceof GraphError)) throw error;
      const words = `WhatsApp could not be told to report to ${webhookCallbackUrl}: ${error.message.replace(/\.$/, "")}.`;
      return webhooks("warning", `${words} Without it you see no deliveries, replies and opt-outs.`);
    },
  );
}

const limitSchema = z.object({
  whatsapp_business_manager_messaging_limit: z.string().optional(),
  quality_rating: z.string().optional(),
});

/**
 * Meta's messaging limit (people per rolling 24 hours outside a service window, shared by all numbers of the business
 * portfolio) and the number's quality; null for what was not told. Null when Meta does not answer.
 * Source: Meta, "Messaging limits" (October 2026).
 */
export async function readNumber(access: GraphAccess, phoneNumberId: string) {
  const path = `/${phoneNumberId}?fields=whatsapp_business_manager_messaging_limit,quality_rating`;
  const answer = await ask(access, path, limitSchema).catch(() => null);
  if (!answer || answer instanceof GraphError) return null;
  return {
    messagingLimit: messagingLimitOf(answer.whatsapp_business_manager_messaging_limit),
    qualityRating: answer.quality_rating ?? null,
  };
}

/** `TIER_250`, `TIER_2K` … `TIER_UNLIMITED`; null for anything else. */
export function messagingLimitOf(tier: string | undefined): number | "unlimited" | null {
  if (tier === "TIER_UNLIMITED") return "unlimited";
  const [, count, thousands] = /^TIER_(\d+)(K?)$/.exec(tier ?? "") ?? [];
  return count ? Number(count) * (thousands ? 1000 : 1) : null;
}
