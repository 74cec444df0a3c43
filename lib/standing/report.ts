import * as z from "zod";
import type { Change } from "@/lib/webhook-events/payload";
import { instant, list, text } from "@/lib/webhook-events/reading";

/** What a report says of the account or its number, in the owner's words. `what` tells the alerts of an account apart. */
export type Finding =
  | {
      kind: "trouble";
      what: string;
      message: string;
      /** Whether nothing can be sent: every campaign is paused. */
      stops: boolean;
      /** When it is over by itself. */
      endsAt: Date | null;
    }
  | { kind: "over"; what: string }
  /** People per rolling 24 hours, as Meta writes it: `TIER_2K`, a number. */
  | { kind: "limit"; limit: string }
  | { kind: "quality"; rating: "RED" };

type Read = (value: Change["value"], at: Date) => Finding[];

const DAY_MS = 24 * 3_600_000;
const days = (at: Date, count: number) => new Date(at.getTime() + count * DAY_MS);
const dayOf = (at: Date) => new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" }).format(at);

const trouble = (
  what: string,
  message: string,
  rest: { stops?: boolean; endsAt?: Date | null } = {},
): Finding => ({
  ...{ kind: "trouble", what, message, stops: rest.stops ?? false, endsAt: rest.endsAt ?? null },
});
const over = (...all: string[]): Finding[] => all.map((what) => ({ kind: "over", what }));

/** Meta's word in brackets, for a conversation with Meta's support. */
const words = (word: string | null) => (word ? ` (${word.toLowerCase().replaceAll("_", " ")})` : "");

const restrictions: Record<string, { message: string; stops: boolean }> = {
  RESTRICTED_BIZ_INITIATED_MESSAGING: {
    message: "Meta does not let your account write to people first, so no campaign can be sent",
    stops: true,
  },
  RESTRICTED_CUSTOMER_INITIATED_MESSAGING: {
    message: "Meta does not let your account answer people who write to you",
    stops: false,
  },
  RESTRICTED_UTILITY_TEMPLATES: {
    message: "Meta does not let your account use utility templates",
    stops: false,
  },
  RESTRICTED_ADD_PHONE_NUMBER_ACTION: { message: "Meta does not let you add phone numbers", stops: false },
};

/** What cannot be so while a number may send. */
export const provenOver = ["account", "access", "ban", "restriction:RESTRICTED_BIZ_INITIATED_MESSAGING"];

const accountSchema = z.object({
  event: z.string(),
  violation_info: z.object({ violation_type: text }).nullable().catch(null),
  restriction_info: list(z.object({ restriction_type: z.string(), expiration: instant })),
  ban_info: z.object({ waba_ban_state: text, waba_ban_date: text }).nullable().catch(null),
});

const appeal = "Meta's Business Support Home says why, and takes appeals.";

const account: Read = (value, at) => {
  const update = accountSchema.safeParse(value).data;
  switch (update?.event) {
    case "ACCOUNT_VIOLATION":
      return [
        trouble(
          "violation",
          `Meta says that your account broke one of its rules${words(update.violation_info?.violation_type ?? null)}. Should it happen again, Meta may restrict the account. ${appeal}`,
          { endsAt: days(at, 30) },
        ),
      ];
    case "ACCOUNT_RESTRICTION":
      return update.restriction_info.length === 0
        ? over(...Object.keys(restrictions).map((type) => `restriction:${type}`))
        : update.restriction_info.map(({ restriction_type: type, expiration }) => {
            const { message, stops } = restrictions[type] ?? {
              message: `Meta has restricted your account${words(type)}`,
              stops: false,
            };
            const until = expiration ? ` until ${dayOf(expiration)}` : "";
            return trouble(`restriction:${type}`, `${message}${until}. ${appeal}`, {
              stops,
              endsAt: expiration,
            });
          });
    case "DISABLED_UPDATE":
      return ban(update.ban_info?.waba_ban_state ?? null, update.ban_info?.waba_ban_date ?? null);
    case "ACCOUNT_DELETED":
      return [
        trouble(
          "account",
          "Your WhatsApp Business Account was deleted at Meta. Connect another one in Settings.",
          {
            stops: true,
          },
        ),
      ];
    case "ACCOUNT_OFFBOARDED":
    case "PARTNER_REMOVED":
    case "PARTNER_APP_UNINSTALLED":
      return [
        trouble(
          "access",
          "The Meta app of this connection has lost access to your WhatsApp Business Account. Connect it again in Settings.",
          {
            stops: true,
          },
        ),
      ];
    case "ACCOUNT_RECONNECTED":
    case "PARTNER_ADDED":
    case "PARTNER_APP_INSTALLED":
      return over("access");
    default:
      return [];
  }
};

function ban(state: string | null, date: string | null): Finding[] {
  const on = date ? ` on ${date}` : "";
  if (state === "SCHEDULE_FOR_DISABLE")
    return [trouble("ban", `Meta will disable your WhatsApp Business Account${on}. ${appeal}`)];
  if (state === "DISABLE")
    return [
      trouble(
        "ban",
        `Meta has disabled your WhatsApp Business Account${on}. Nothing can be sent. ${appeal}`,
        { stops: true },
      ),
    ];
  return state === "REINSTATE" ? over("ban", "violation") : [];
}

const review: Read = (value) => {
  const decision = z.object({ decision: z.string() }).safeParse(value).data?.decision;
  if (decision === "APPROVED") return over("review");
  if (decision !== "REJECTED") return [];
  return [
    trouble("review", `Meta has reviewed your WhatsApp Business Account and not approved it. ${appeal}`),
  ];
};

const alertSchema = z.object({
  alert_info: z.object({
    alert_severity: text,
    alert_status: text,
    alert_type: z.string(),
    alert_description: text,
  }),
});

/** Meta's own alerts; what is only for information is gone after a week. */
const alert: Read = (value, at) => {
  const info = alertSchema.safeParse(value).data?.alert_info;
  if (!info) return [];
  const what = `alert:${info.alert_type}`;
  if (info.alert_status !== null && info.alert_status !== "ACTIVE") return over(what);
  const said = info.alert_description ?? `your account${words(info.alert_type)}`;
  const endsAt = days(at, info.alert_severity === "INFORMATIONAL" ? 7 : 30);
  return [trouble(what, `Meta says: ${said}`, { endsAt })];
};

const numberSchema = z.object({ event: z.string(), current_limit: text });

const quality: Read = (value, at) => {
  const update = numberSchema.safeParse(value).data;
  if (!update) return [];
  const limit: Finding[] = update.current_limit?.startsWith("TIER_")
    ? [{ kind: "limit", limit: update.current_limit }]
    : [];
  if (update.event === "FLAGGED") return [...limit, { kind: "quality", rating: "RED" }];
  if (update.event !== "THROUGHPUT_UPGRADE") return limit;
  const message =
    "WhatsApp now takes up to 1,000 messages per second from your number. Settings → Sending is where you make use of it.";
  return [...limit, trouble("throughput", message, { endsAt: days(at, 7) })];
};

const nameSchema = z.object({ decision: z.string(), requested_verified_name: text, rejection_reason: text });

const displayName: Read = (value) => {
  const update = nameSchema.safeParse(value).data;
  if (update?.decision === "APPROVED") return over("name");
  if (update?.decision !== "REJECTED") return [];
  const name = update.requested_verified_name ? ` “${update.requested_verified_name}”` : "";
  const reason = update.rejection_reason === "NONE" ? null : update.rejection_reason;
  return [
    trouble(
      "name",
      `Meta did not approve the display name${name} of your number${words(reason)}. Choose another one in the WhatsApp manager.`,
    ),
  ];
};

const limitField = z.union([z.string(), z.number()]).transform(String).nullable().catch(null);
const capabilitySchema = z.object({
  max_daily_conversations_per_business: limitField,
  max_daily_conversation_per_phone: limitField,
});

const capability: Read = (value) => {
  const update = capabilitySchema.safeParse(value).data;
  const limit = update?.max_daily_conversations_per_business ?? update?.max_daily_conversation_per_phone;
  return limit ? [{ kind: "limit", limit }] : [];
};

const pins: Record<string, string> = {
  PIN_CHANGED: "The PIN of your number was changed",
  PIN_RESET_REQUEST: "Somebody asked to reset the PIN of your number",
  PIN_RESET_SUCCESS: "The PIN of your number was reset",
};

const security: Read = (value, at) => {
  const event = z.object({ event: z.string() }).safeParse(value).data?.event ?? "";
  const said = pins[event];
  if (!said) return [];
  const message = `${said}. If it was neither you nor anybody of your business, secure your account in Meta's business settings.`;
  return [trouble("security", message, { endsAt: days(at, 7) })];
};

const username: Read = (value, at) => {
  const { username: name, status } = z.object({ username: text, status: text }).parse(value);
  const said: Record<string, string> = {
    approved: "is approved: people can find your number by it",
    reserved: "is reserved for your number and cannot be found by people yet",
    deleted: "is not your number's any more",
  };
  if (!name || !status) return [];
  const message = `The WhatsApp username ${name} ${said[status.toLowerCase()] ?? `is now: ${status}`}.`;
  return [trouble("username", message, { endsAt: days(at, 7) })];
};

/** Source: Meta, "Webhooks: fields of a WhatsApp Business Account" (September 2026). */
const readers: Record<string, Read> = {
  account_update: account,
  account_review_update: review,
  account_alerts: alert,
  phone_number_quality_update: quality,
  phone_number_name_update: displayName,
  business_capability_update: capability,
  security,
  business_username_update: username,
};

export const findingsOf = ({ field, value, at }: Change, now: Date): Finding[] =>
  readers[field]?.(value, at ?? now) ?? [];

/** Digits of the number that is meant, if one is; these reports carry no id of it. */
export function displayNumberOf({ value }: Change): string | null {
  const { display_phone_number: number } = value;
  return typeof number === "string" || typeof number === "number" ? digitsOf(String(number)) : null;
}

export const digitsOf = (number: string) => number.replace(/\D/g, "");
