import * as z from "zod";
import { tierSchema } from "./new-account";

const permission = z.enum(["whatsapp_business_messaging", "whatsapp_business_management"]);

export const accountChangeSchema = z.strictObject({
  state: z.enum(["active", "restricted", "locked", "payment_issue", "maintenance"]).optional(),
  tier: tierSchema.optional(),
  marketingMessagesOnboarded: z.boolean().optional(),
  marketingDisabledOnCloudApi: z.boolean().optional(),
});

export const tokenChangeSchema = z.strictObject({
  state: z.enum(["valid", "expired", "revoked"]).optional(),
  permissions: z.array(permission).optional(),
});

export const numberChangeSchema = z.strictObject({
  quality: z.enum(["GREEN", "YELLOW", "RED", "UNKNOWN"]).optional(),
  status: z.enum(["CONNECTED", "PENDING", "DISCONNECTED", "RESTRICTED", "BANNED", "RATE_LIMITED"]).optional(),
  tier: tierSchema.optional(),
  mps: z.number().int().min(1).max(100_000).optional(),
  pairLimited: z.boolean().optional(),
  registered: z.boolean().optional(),
  allowList: z.array(z.string()).nullable().optional(),
});

export const templateActionSchema = z.discriminatedUnion("action", [
  z.strictObject({ action: z.enum(["approve", "pause", "disable"]) }),
  z.strictObject({ action: z.literal("reject"), reason: z.string().default("INVALID_FORMAT") }),
  z.strictObject({ action: z.literal("category"), category: z.enum(["MARKETING", "UTILITY"]) }),
  /** Tells a day ahead what the category will be. */
  z.strictObject({ action: z.literal("announce_category"), category: z.enum(["MARKETING", "UTILITY"]) }),
  z.strictObject({ action: z.literal("quality"), score: z.enum(["GREEN", "YELLOW", "RED", "UNKNOWN"]) }),
  /** Only tells the business: FLAGGED, REINSTATED, IN_APPEAL, ... */
  z.strictObject({ action: z.literal("announce"), event: z.string().min(1) }),
]);

export const inboundSchema = z.strictObject({
  phoneNumberId: z.string(),
  from: z.string().min(7),
  name: z.string().optional(),
  type: z
    .enum([
      "text",
      "button",
      "button_reply",
      "list_reply",
      "image",
      "video",
      "audio",
      "sticker",
      "document",
      "reaction",
      "location",
      "unsupported",
      "raw",
    ])
    .default("text"),
  text: z.string().optional(),
  payload: z.string().optional(),
  caption: z.string().optional(),
  filename: z.string().optional(),
  /** The message that is answered or reacted to. */
  inReplyTo: z.string().optional(),
  /** For `raw`: the message's own fields, `type` among them. */
  content: z.looseObject({ type: z.string() }).optional(),
});

export const preferenceSchema = z.strictObject({
  phoneNumberId: z.string(),
  from: z.string().min(7),
  value: z.enum(["stop", "resume", "signup"]),
});

export const eventSchema = z.strictObject({
  wabaId: z.string(),
  field: z.string().min(1),
  value: z.looseObject({}),
});

export const heldSchema = z.strictObject({
  action: z.enum(["release", "drop"]),
  phoneNumberId: z.string().optional(),
  wamid: z.string().optional(),
});

export const resendSchema = z.strictObject({ times: z.number().int().min(1).max(1000).default(1) });

export type InboundOrder = z.infer<typeof inboundSchema>;
