import type { InboundOrder } from "./admin-schema";
import type { Events } from "./events";
import { paper, picture, sound, sticker, video } from "./files";
import type { MediaStore } from "./media";
import type { PhoneNumber } from "./model";
import type { Person } from "./people";
import type { InboundContent } from "./updates";

/** Media that people send can be fetched for seven days ("Media"). */
const inboundDays = 7;

/** Says something as a WhatsApp user would ("Messages webhook reference"). */
export function sayInbound(
  order: InboundOrder,
  number: PhoneNumber,
  person: Person,
  events: Events,
  media: MediaStore,
): string {
  const speaker = order.name === undefined ? person : { ...person, name: order.name };
  const context =
    order.inReplyTo === undefined
      ? undefined
      : { from: number.displayPhoneNumber.replace(/\D/g, ""), id: order.inReplyTo };
  const quotes = order.type !== "reaction" ? context : undefined;
  return events.announceInbound(number, speaker, contentOf(order, number, media), quotes);
}

function contentOf(order: InboundOrder, number: PhoneNumber, media: MediaStore): InboundContent {
  const text = order.text ?? "Hello";
  const id = order.payload ?? text;
  switch (order.type) {
    case "text":
      return { type: "text", text: { body: text } };
    case "button":
      return { type: "button", button: { payload: id, text } };
    case "button_reply":
      return {
        type: "interactive",
        interactive: { type: "button_reply", button_reply: { id, title: text } },
      };
    case "list_reply":
      return { type: "interactive", interactive: { type: "list_reply", list_reply: { id, title: text } } };
    case "image":
      return { type: "image", image: file(order, number, media, picture, "image/png") };
    case "video":
      return { type: "video", video: file(order, number, media, video, "video/mp4") };
    case "audio":
      return { type: "audio", audio: { ...file(order, number, media, sound, "audio/mpeg"), voice: false } };
    case "sticker":
      return {
        type: "sticker",
        sticker: { ...file(order, number, media, sticker, "image/webp"), animated: false },
      };
    case "document":
      return {
        type: "document",
        document: {
          filename: order.filename ?? "paper.pdf",
          ...file(order, number, media, paper, "application/pdf"),
        },
      };
    case "reaction":
      return { type: "reaction", reaction: { message_id: order.inReplyTo ?? "", emoji: order.text ?? "👍" } };
    case "location":
      return { type: "location", location: { latitude: 27.7172, longitude: 85.324, name: text } };
    case "unsupported":
      return {
        type: "unsupported",
        errors: [
          {
            code: 131051,
            title: "Message type unknown",
            message: "Message type unknown",
            error_data: { details: "Message type is currently not supported." },
          },
        ],
      };
    case "raw":
      return order.content ?? { type: "text", text: { body: text } };
  }
}

function file(order: InboundOrder, number: PhoneNumber, media: MediaStore, bytes: Buffer, mimeType: string) {
  const stored = media.store(number, bytes, mimeType, null, inboundDays);
  return {
    ...(order.caption !== undefined && { caption: order.caption }),
    mime_type: mimeType,
    sha256: Buffer.from(stored.sha256, "hex").toString("base64"),
    id: stored.id,
    url: media.linkTo(stored),
  };
}
