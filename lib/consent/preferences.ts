import * as z from "zod";
import type { Change } from "@/lib/webhook-events/payload";
import { instant, list, text } from "@/lib/webhook-events/reading";

const preferenceSchema = z.object({ wa_id: text, user_id: text, value: z.string(), timestamp: instant });

/** People who stopped marketing messages in WhatsApp's own settings. */
export function stopsOf({ field, value }: Change) {
  if (field !== "user_preferences") return [];
  return list(preferenceSchema)
    .parse(value.user_preferences)
    .filter(({ value: choice, wa_id, user_id }) => choice === "stop" && (wa_id !== null || user_id !== null))
    .map(({ wa_id, user_id, timestamp }) => ({ waId: wa_id, waUserId: user_id, at: timestamp }));
}
