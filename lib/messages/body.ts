import { randomUUID } from "node:crypto";
import type { TemplateSnapshot } from "@/lib/campaigns/schema";
import type { Addressed } from "@/lib/messages/settlement";
import {
  mediaReference,
  renderComponents,
  sentValue,
  toSendComponents,
  variablesOf,
} from "@/lib/templates/variables";

/** What Meta echoes in every webhook of a message: its id and, after the first, the attempt. */
export const callbackData = ({ id, retryCount }: Pick<Addressed, "id" | "retryCount">) =>
  retryCount === 0 ? id : `${id}.${retryCount}`;

type Campaign = { messageType: string; template: TemplateSnapshot };

/** The body of POST /messages. Source: Meta, "Send messages" and "Sending template messages" (September 2026). */
export const bodyOf = ({ messageType, template }: Campaign, message: Addressed) => ({
  messaging_product: "whatsapp",
  recipient_type: "individual",
  to: message.phone,
  biz_opaque_callback_data: callbackData(message),
  ...(messageType === "template"
    ? templateContent(template, message.parameters)
    : freeContent(template, message.parameters)),
});

/**
 * Writes the bodies of one campaign as JSON, the same as `bodyOf`. What a template's messages share is written once, with
 * holes for the rest: a number may post a thousand of them a second.
 */
export function createBodyWriter(campaign: Campaign): (message: Addressed) => string {
  if (campaign.messageType !== "template") return (message) => JSON.stringify(bodyOf(campaign, message));
  const variables = variablesOf(campaign.template.components);
  const fillings: Record<string, (message: Addressed) => string> = {
    to: ({ phone }) => phone,
    id: callbackData,
  };
  for (const [index, variable] of variables.entries())
    fillings[index] = ({ parameters }) => sentValue(variable, parameters[index] ?? "");

  const hole = randomUUID();
  const mould = bodyOf(campaign, {
    id: `${hole}.id`,
    phone: `${hole}.to`,
    parameters: variables.map((_, index) => `${hole}.${index}`),
    retryCount: 0,
  });
  const [start = "", ...parts] = JSON.stringify(mould).split(`"${hole}.`);
  const pieces = parts.map((part) => {
    const end = part.indexOf('"');
    return { filling: fillings[part.slice(0, end)], after: part.slice(end + 1) };
  });
  return (message) =>
    pieces.reduce((text, { filling, after }) => text + JSON.stringify(filling?.(message)) + after, start);
}

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
