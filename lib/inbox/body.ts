import type { TemplateSnapshot } from "@/lib/campaigns/schema";
import type { FreeReply } from "@/lib/inbox/schema";
import { bodyOf, callbackData } from "@/lib/messages/body";
import type { Addressed } from "@/lib/messages/settlement";
import { mediaReference } from "@/lib/templates/variables";

/** What a reply says: the person's own words and file, or a template with its values. */
export type Draft = Pick<FreeReply, "text" | "media"> | { template: TemplateSnapshot; parameters: string[] };

/**
 * The body of POST /messages. Somebody who shows no number is reached by the id that WhatsApp gives them for this
 * business. Source: Meta, "Send messages" and "Business-scoped user IDs" (September 2026).
 */
export function replyBody(draft: Draft, message: Addressed, waUserId: string | null) {
  const addressee = message.phone ? { to: message.phone } : { recipient: waUserId };
  if ("template" in draft) {
    const { to: _, ...body } = bodyOf({ messageType: "template", template: draft.template }, message);
    return { ...body, ...addressee };
  }
  return {
    messaging_product: "whatsapp",
    recipient_type: "individual",
    biz_opaque_callback_data: callbackData(message),
    ...addressee,
    ...freeContent(draft),
  };
}

/** Verbatim, other than a campaign's text: braces in it are no variables. */
function freeContent({ text, media }: Pick<FreeReply, "text" | "media">) {
  if (!media) return { type: "text", text: { body: text, preview_url: /https?:\/\//i.test(text) } };
  return { type: media.kind, [media.kind]: { ...mediaReference(media), ...(text && { caption: text }) } };
}
