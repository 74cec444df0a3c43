import type { TemplateSnapshot } from "@/lib/campaigns/schema";
import type { Claimed } from "@/lib/messages/settlement";
import { toSendComponents } from "@/lib/templates/variables";

/** What Meta echoes in every webhook of a message: its id and, after the first, the attempt. */
export const callbackData = ({ id, retryCount }: Pick<Claimed, "id" | "retryCount">) =>
  retryCount === 0 ? id : `${id}.${retryCount}`;

/** The body of POST /messages. Source: Meta, "Send messages" and "Sending template messages" (September 2026). */
export function templateBody(template: TemplateSnapshot, message: Claimed) {
  const components = toSendComponents(template.components, message.parameters);
  return {
    messaging_product: "whatsapp",
    recipient_type: "individual",
    to: message.phone,
    type: "template",
    biz_opaque_callback_data: callbackData(message),
    template: {
      name: template.name,
      language: { code: template.language },
      ...(components.length > 0 && { components }),
    },
  };
}
