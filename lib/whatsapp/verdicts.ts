import * as z from "zod";
import type { ConnectionCheck } from "@/lib/users/schema";
import type { GraphError } from "@/lib/whatsapp/client";

const permissions = ["whatsapp_business_messaging", "whatsapp_business_management"];

export const inspectedTokenSchema = z.object({
  data: z.object({
    is_valid: z.boolean(),
    app_id: z.coerce.string().optional(),
    expires_at: z.number().default(0),
    scopes: z.array(z.string()).default([]),
    error: z.object({ message: z.string().default(""), subcode: z.number().optional() }).optional(),
  }),
});
type InspectedToken = z.infer<typeof inspectedTokenSchema>["data"];

export const numberSchema = z.object({
  id: z.string(),
  display_phone_number: z.string().optional(),
  status: z.string().optional(),
  name_status: z.string().optional(),
  quality_rating: z.string().optional(),
  health_status: z
    .object({
      entities: z
        .array(
          z.object({
            can_send_message: z.string().optional(),
            errors: z.array(z.object({ error_description: z.string().default("") })).default([]),
          }),
        )
        .default([]),
    })
    .optional(),
});
export type PhoneNumber = z.infer<typeof numberSchema>;

export const check =
  (name: string) =>
  (
    state: ConnectionCheck["state"],
    detail: string,
    field: ConnectionCheck["field"] = null,
  ): ConnectionCheck => ({
    name,
    state,
    detail,
    field,
  });

export const token = check("Access token");
const secret = check("App secret");
export const business = check("WhatsApp Business Account");
export const phone = check("Phone number");
const quality = check("Quality");
export const webhooks = check("Webhooks");

const notAToken = token(
  "error",
  "WhatsApp does not accept this access token. Copy it again, completely.",
  "accessToken",
);

export function judgeRefusal({ code, subcode, message }: GraphError): ConnectionCheck {
  if (code !== 190) {
    return token("warning", `Meta did not tell how long the access token is valid: ${message}`);
  }
  return subcode === 463 ? judgeExpiry("has expired") : notAToken;
}

const judgeExpiry = (what: string) =>
  token("error", `The access token ${what}. Create a new one.`, "accessToken");

export function judgeToken(inspected: InspectedToken, timeZone: string): ConnectionCheck {
  const { is_valid, app_id, expires_at, scopes, error } = inspected;
  const expiresAt = expires_at * 1000;
  const on = new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone }).format(expiresAt);
  if (!is_valid) {
    if (!app_id) return notAToken;
    if (expires_at > 0 && expiresAt < Date.now()) return judgeExpiry(`expired on ${on}`);
    return judgeExpiry(error?.subcode === 463 ? "has expired" : "is no longer valid: it was revoked");
  }
  const missing = permissions.filter((permission) => !scopes.includes(permission));
  if (missing.length > 0) {
    const words = `The access token lacks the permission ${missing.join(" and ")}. Create one that has both`;
    return token("error", `${words}: ${permissions.join(" and ")}.`, "accessToken");
  }
  if (expires_at === 0) return token("ok", "Valid, never expires, has both permissions.");
  const advice = "Create one for a system user in Meta's business settings: it can be set never to expire.";
  return token("warning", `The access token works, but only until ${on}. ${advice}`);
}

export function judgeSecret(
  appId: string | null,
  appSecret: string | null,
  refusal: GraphError | null,
): ConnectionCheck {
  if (!appSecret) {
    return secret("error", "Enter the app secret: it proves that a webhook comes from Meta.", "appSecret");
  }
  if (!appId) return secret("error", "Enter the app id, so that the app secret can be checked.", "appId");
  if (refusal) {
    const where = "Copy it from App settings → Basic in Meta's developer dashboard.";
    return secret(
      "error",
      `Meta does not accept this app secret for the app ${appId}. ${where}`,
      "appSecret",
    );
  }
  return secret("ok", `Accepted for the app ${appId}.`);
}

/** Source: Meta, "Business phone numbers", field `status`. RESTRICTED and RATE_LIMITED pass by themselves. */
const unusable: Record<string, string> = {
  PENDING: "is not registered with the Cloud API yet. Register it in the WhatsApp manager, with its PIN.",
  UNVERIFIED: "is not verified yet. Verify it in the WhatsApp manager.",
  DISCONNECTED: "is disconnected. Register it again in the WhatsApp manager, with its PIN.",
  MIGRATED: "was moved to another WhatsApp Business Account.",
  BANNED: "was banned by WhatsApp.",
  DELETED: "was deleted.",
};

export function judgeNumber({
  id,
  display_phone_number,
  status,
  name_status,
  health_status,
}: PhoneNumber): ConnectionCheck {
  const name = display_phone_number ?? id;
  const problem = status && unusable[status];
  if (problem) return phone("error", `The number ${name} ${problem}`, "phoneNumberId");
  if (status && status !== "CONNECTED") {
    return phone(
      "warning",
      `WhatsApp reports the number ${name} as ${status.toLowerCase().replaceAll("_", " ")}.`,
    );
  }
  const blocked = health_status?.entities.find(({ can_send_message }) => can_send_message === "BLOCKED");
  if (blocked) {
    const reason = blocked.errors[0]?.error_description ?? "Meta's business manager has the reason.";
    return phone("warning", `${name}: Meta does not let it send messages at present. ${reason}`);
  }
  if (name_status && !["APPROVED", "AVAILABLE_WITHOUT_REVIEW"].includes(name_status)) {
    const words = `${name}: its display name is not approved (${name_status.toLowerCase().replaceAll("_", " ")}).`;
    return phone("warning", `${words} Until it is, WhatsApp refuses to send.`);
  }
  return phone("ok", `${name} is connected.`);
}

export function judgeQuality({ quality_rating }: PhoneNumber): ConnectionCheck[] {
  if (quality_rating === "GREEN") return [quality("ok", "High.")];
  if (quality_rating === "YELLOW")
    return [quality("warning", "Medium: some people blocked or reported the number.")];
  if (quality_rating === "RED") {
    return [quality("warning", "Low: many people blocked or reported the number. Meta may restrict it.")];
  }
  return [];
}
