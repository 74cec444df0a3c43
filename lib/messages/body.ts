import type { TemplateSnapshot } from "@/lib/campaigns/schema";
import type { Claimed } from "@/lib/messages/settlement";
import { mediaReference, renderComponents, toSendComponents } from "@/lib/templates/variables";

/** What Meta echoes in every webhook of a message: its id and, after the first, the attempt. */
export const callbackData = ({ id, retryCount }: Pick<Claimed, "id" | "retryCount">) =>
  retryCount === 0 ? id : `${id}.${retryCount}`;

type Campaign = { messageType: string; template: TemplateSnapshot };

/** The body of POST /messages. Source: Meta, "Send messages" and "Sending template messages" (September 2026). */
export const bodyOf = ({ messageType, template }: Campaign, message: Claimed) => ({
  messaging_product: "whatsapp",
  recipient_type: "individual",
  to: message.phone,
  biz_opaque_callback_data: callbackData(message),
  ...(messageType === "template"
    ? templateContent(template, message.parameters)
    : freeContent(template, message.parameters)),
});

function templateContent({ name, language, components, media }: TemplateSnapshot, parameters: string[]) {
  const filledIn = toSendComponents(components, parameters, media);
  return {
    type: "template",
    template: {
      name,
      language: { code: language },
      ...(filledIn.length > 0 && { components: filledIn }),
    },
  };
}

/** What only people who have written within 24 hours may be sent: a text, or a file with the text as its caption. */
function freeContent({ components, media }: TemplateSnapshot, parameters: string[]) {
  const { body } = renderComponents(components, parameters);
  if (!media) return { type: "text", text: { body, preview_url: /https?:\/\//i.test(body) } };
  return { type: media.kind, [media.kind]: { ...mediaReference(media), ...(body && { caption: body }) } };
}
