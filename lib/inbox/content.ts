import * as z from "zod";
import { templateSnapshotSchema } from "@/lib/campaigns/schema";
import { mediaSchema } from "@/lib/media/schema";
import { type RenderedTemplate, renderComponents } from "@/lib/templates/variables";

export const mediaTypes = ["image", "video", "audio", "document", "sticker"] as const;
export type MediaType = (typeof mediaTypes)[number];

/** What a message says, ready to be shown. */
export type Content =
  | { kind: "text"; text: string }
  /** The label of a button or of an entry of a list. */
  | { kind: "choice"; text: string }
  | { kind: "media"; type: MediaType; caption: string; fileName: string | null }
  | { kind: "location"; latitude: number; longitude: number; name: string }
  | { kind: "contacts"; people: { name: string; phones: string[] }[] }
  | { kind: "order"; text: string; items: number; total: string | null }
  /** Without an emoji the reaction was taken back. */
  | { kind: "reaction"; emoji: string | null; to: string }
  | { kind: "template"; template: RenderedTemplate }
  /** What cannot be shown, in words. */
  | { kind: "note"; text: string };

/** A file as WhatsApp refers to it. */
export type MediaFile = { mediaId: string; fileName: string | null };

/** Whatever is not as it should be counts as missing: this is what others have sent. */
const text = z.string().catch("");
const optional = z.string().nullable().catch(null);
const number = z.number().catch(0);
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((items) => items.flatMap((each) => item.safeParse(each).data ?? []));

const choice = z.object({ title: text }).catch({ title: "" });
const file = z.object({ id: z.string().regex(/^\d{1,32}$/), caption: text, filename: optional });

/** Source: Meta, "Webhooks: messages" (September 2026). */
const schemas = {
  text: z.object({ body: text }),
  button: z.object({ text }),
  interactive: z.object({ type: text, button_reply: choice, list_reply: choice }),
  location: z.object({ latitude: number, longitude: number, name: text, address: text }),
  contacts: list(
    z.object({ name: z.object({ formatted_name: text }), phones: list(z.object({ phone: text })) }),
  ),
  order: z.object({
    text,
    product_items: list(z.object({ quantity: number, item_price: number, currency: text })),
  }),
  reaction: z.object({ message_id: z.string(), emoji: optional }),
  system: z.object({ body: text }),
};

const inboundSchema = z.looseObject({ type: text }).catch({ type: "" });

const isMediaType = (type: string): type is MediaType => mediaTypes.some((known) => known === type);

const note = (words: string): Content => ({ kind: "note", text: words });
const UNSUPPORTED =
  "A message of a kind that WhatsApp does not pass on. Ask the person to write it as a text.";

/** What a person has sent, from the message's own part of the webhook. */
export function inboundContent(stored: unknown): Content {
  const content = inboundSchema.parse(stored);
  const { type } = content;
  const part = content[type];
  if (isMediaType(type)) {
    const { data } = file.safeParse(part);
    if (!data) return note("A file that is no longer kept");
    return { kind: "media", type, caption: data.caption, fileName: data.filename };
  }
  switch (type) {
    case "text": {
      const { data } = schemas.text.safeParse(part);
      return data ? { kind: "text", text: data.body } : note("An empty message");
    }
    case "button": {
      const { data } = schemas.button.safeParse(part);
      return { kind: "choice", text: data?.text || "A button" };
    }
    case "interactive": {
      const { data } = schemas.interactive.safeParse(part);
      return {
        kind: "choice",
        text: data?.button_reply.title || data?.list_reply.title || "The answers of a form",
      };
    }
    case "location": {
      const { data } = schemas.location.safeParse(part);
      if (!data) return note("A place");
      const { latitude, longitude, name, address } = data;
      return { kind: "location", latitude, longitude, name: [name, address].filter(Boolean).join(", ") };
    }
    case "contacts":
      return {
        kind: "contacts",
        people: schemas.contacts.parse(part).map(({ name, phones }) => ({
          name: name.formatted_name,
          phones: phones.map(({ phone }) => phone).filter(Boolean),
        })),
      };
    case "order": {
      const { data } = schemas.order.safeParse(part);
      return data ? orderOf(data) : note("An order");
    }
    case "reaction": {
      const { data } = schemas.reaction.safeParse(part);
      return data
        ? { kind: "reaction", emoji: data.emoji || null, to: data.message_id }
        : note("A reaction that was taken back");
    }
    case "system": {
      const { data } = schemas.system.safeParse(part);
      return note(data?.body || "Something changed in this person's WhatsApp account");
    }
    case "":
      return note("This message is no longer kept");
    default:
      return note(UNSUPPORTED);
  }
}

function orderOf({ text: words, product_items }: z.infer<typeof schemas.order>): Content {
  const items = product_items.reduce((sum, { quantity }) => sum + quantity, 0);
  const sum = product_items.reduce((total, item) => total + item.quantity * item.item_price, 0);
  const [currency = "", ...others] = new Set(product_items.map((item) => item.currency));
  const isOne = /^[A-Z]{3}$/.test(currency) && others.length === 0;
  return { kind: "order", text: words, items, total: isOne ? `${sum.toFixed(2)} ${currency}` : null };
}

/** What is stored of a reply: the text and the file, or the template as it was then. */
const replySchema = z.object({
  text: z.string().catch(""),
  media: mediaSchema.nullable().catch(null),
  parameters: z.array(z.string()).catch([]),
  template: templateSnapshotSchema.nullable().catch(null),
});

/** What we have sent. `snapshot` is what the campaign sent, if it was one. */
export function outboundContent(stored: unknown, snapshot: unknown): Content {
  const { text: words, media, parameters, template } = replySchema.catch(nothing).parse(stored);
  const sent = template ?? templateSnapshotSchema.safeParse(snapshot).data;
  if (sent) {
    return { kind: "template", template: renderComponents(sent.components, parameters, sent.media) };
  }
  if (media) return { kind: "media", type: media.kind, caption: words, fileName: media.fileName };
  return words ? { kind: "text", text: words } : note("This message is no longer kept");
}

const nothing = { text: "", media: null, parameters: [], template: null };

/** The file that a person has sent; null when there is none. */
export function inboundFile(stored: unknown): MediaFile | null {
  const content = inboundSchema.parse(stored);
  if (!isMediaType(content.type)) return null;
  const { data } = file.safeParse(content[content.type]);
  return data ? { mediaId: data.id, fileName: data.filename } : null;
}

/** The file of a reply of ours. */
export function outboundFile(stored: unknown): MediaFile | null {
  const { media } = replySchema.catch(nothing).parse(stored);
  return media && { mediaId: media.mediaId, fileName: media.fileName };
}

const mediaWords: Record<MediaType, string> = {
  image: "An image",
  video: "A video",
  audio: "A voice message",
  document: "A document",
  sticker: "A sticker",
};

/** One line for the list. */
export function summaryOf(content: Content): string {
  switch (content.kind) {
    case "text":
    case "choice":
    case "note":
      return content.text;
    case "media":
      return content.caption || content.fileName || mediaWords[content.type];
    case "location":
      return content.name || "A place";
    case "contacts":
      return content.people.map(({ name }) => name).join(", ") || "A contact";
    case "order":
      return content.items === 1 ? "An order of 1 item" : `An order of ${content.items} items`;
    case "reaction":
      return content.emoji ? `Reacted with ${content.emoji}` : "Took a reaction back";
    case "template":
      return content.template.body || "A template";
  }
}
