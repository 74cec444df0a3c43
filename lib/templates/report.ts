import * as z from "zod";
import type { Change } from "@/lib/webhook-events/payload";
import { text } from "@/lib/webhook-events/reading";

const templateStatusSchema = z.object({
  event: z.string(),
  message_template_id: z.coerce.string(),
  message_template_name: z.string(),
  message_template_language: z.string().transform((language) => language.replace("-", "_")),
  reason: text,
});

export function templateStatusOf({ field, value }: Change) {
  if (field !== "message_template_status_update") return null;
  const update = templateStatusSchema.safeParse(value).data;
  return (
    update && {
      whatsappTemplateId: update.message_template_id,
      name: update.message_template_name,
      language: update.message_template_language,
      status: update.event,
      reason: update.reason === "NONE" ? null : update.reason,
    }
  );
}
