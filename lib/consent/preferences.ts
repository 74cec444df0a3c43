import * as z from "zod";
import type { Change } from "@/lib/webhook-events/payload";
import { instant, list, text } from "@/lib/webhook-events/reading";

/** Meta's `signup` (an opt-in link in WhatsApp) came in June 2026; what comes later is passed over. */
const choices = ["stop", "resume", "signup"] as const;

const preferenceSchema = z.object({
  wa_id: text,
  user_id: text,
  value: z.enum(choices),
  category: text,
  detail: text,
  timestamp: instant,
});

export type Preference = {
  waId: string | null;
  waUserId: string | null;
  choice: (typeof choices)[number];
  /** Meta's own words for it. */
  detail: string | null;
  at: Date | null;
};

/** What people chose in WhatsApp's own settings about marketing messages of this business. Source: Meta, "user_preferences". */
export function preferencesOf({ field, value }: Change): Preference[] {
  if (field !== "user_preferences") return [];
  return list(preferenceSchema)
    .parse(value.user_preferences)
    .filter(({ category }) => category === null || category === "marketing_messages")
    .filter(({ wa_id, user_id }) => wa_id !== null || user_id !== null)
    .map(({ wa_id, user_id, value: choice, detail, timestamp }) => ({
      ...{ waId: wa_id, waUserId: user_id, choice, detail, at: timestamp },
    }));
}
