import * as z from "zod";
import type { Change } from "@/lib/webhook-events/payload";
import { instant, list, text } from "@/lib/webhook-events/reading";

const contactSchema = z.object({
  profile: z.object({ name: text }).nullable().catch(null),
  wa_id: text,
  user_id: text,
});

const inboundSchema = z.looseObject({
  id: z.string(),
  type: z.string(),
  from: text,
  from_user_id: text,
  timestamp: instant,
  text: z.object({ body: text }).nullable().catch(null),
  button: z.object({ text, payload: text }).nullable().catch(null),
});

export type Inbound = {
  whatsappMessageId: string;
  waId: string | null;
  waUserId: string | null;
  name: string | null;
  at: Date;
  type: "text" | "image" | "document";
  /** What the person wrote or the label of the button they tapped. */
  text: string | null;
  content: Record<string, unknown>;
};

export function inboundOf({ value }: Change, now: Date): Inbound[] {
  const people = list(contactSchema).parse(value.contacts);
  return list(inboundSchema)
    .parse(value.messages)
    .filter(({ from, from_user_id }) => from !== null || from_user_id !== null)
    .map((message) => {
      const { id, type, from, from_user_id, timestamp, text: written, button } = message;
      const sender = people.find(
        ({ wa_id, user_id }) => (wa_id && wa_id === from) || (user_id && user_id === from_user_id),
      );
      return {
        whatsappMessageId: id,
        waId: from,
        waUserId: from_user_id,
        name: sender?.profile?.name ?? null,
        at: timestamp ?? now,
        type: type === "image" || type === "document" ? type : "text",
        text: written?.body ?? button?.text ?? null,
        content: { type, [type]: message[type], ...(message.context ? { context: message.context } : {}) },
      };
    });
}
