import * as z from "zod";
import { MAX_NAME } from "@/lib/contacts/schema";
import type { Change } from "@/lib/webhook-events/payload";
import { instant, list, text } from "@/lib/webhook-events/reading";

/** Inbound messages. Source: Meta, "messages webhook reference" and "Business-scoped user IDs" (September 2026). */

const contactSchema = z.object({
  profile: z.object({ name: text }).nullable().catch(null),
  wa_id: text,
  user_id: text,
});

const reply = z.object({ id: text, title: text }).nullable().catch(null);

const inboundSchema = z.looseObject({
  id: z.string().min(1),
  type: z.string().catch("unsupported"),
  from: text,
  from_user_id: text,
  timestamp: instant,
  text: z.looseObject({ body: text }).nullable().catch(null),
  button: z.looseObject({ text, payload: text }).nullable().catch(null),
  interactive: z.looseObject({ button_reply: reply, list_reply: reply }).nullable().catch(null),
  system: z.looseObject({ type: text, wa_id: text, user_id: text }).nullable().catch(null),
});

type InboundType = "text" | "image" | "document";

export type Inbound = {
  whatsappMessageId: string;
  waId: string | null;
  waUserId: string | null;
  name: string | null;
  at: Date;
  /** The nearest of the types there are; `content.type` is Meta's own. */
  type: InboundType;
  /** Whether a person wrote it, which opens the 24-hour window; WhatsApp itself reports a new number. */
  isWritten: boolean;
  /** What may be an opt-out or an agreement, word for word: a text, or a tapped button's payload and label. */
  words: { source: "keyword" | "button"; texts: string[] };
  /** Who the person is from now on, by WhatsApp's ids. */
  newIdentity: { waId: string | null; waUserId: string | null } | null;
  content: Record<string, unknown>;
};

const nearest: Record<string, InboundType> = {
  image: "image",
  sticker: "image",
  document: "document",
  video: "document",
  audio: "document",
};

/** A file is kept as a reference; its `url` holds for minutes only. */
const fileFields = ["id", "mime_type", "sha256", "caption", "filename", "voice", "animated"];

const isFile = (type: string) => type in nearest;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const partOf = (value: unknown, fields: string[]) =>
  isObject(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => fields.includes(key))) : value;

/** As contacts have it: one line with single spaces, up to 200 characters. Null when there is nothing to see. */
function shownName(profileName: string): string | null {
  const name = profileName.replace(/[\s\p{Cc}]+/gu, " ").trim();
  if (!/[^\p{C}\p{M}\p{Z}\p{DI}]/u.test(name)) return null;
  return name
    .slice(0, MAX_NAME)
    .replace(/\p{Cs}$/u, "")
    .trim();
}

export function inboundOf({ field, value }: Change, now: Date): Inbound[] {
  if (field !== "messages") return [];
  const people = list(contactSchema).parse(value.contacts);
  return list(inboundSchema)
    .parse(value.messages)
    .filter(({ from, from_user_id }) => from !== null || from_user_id !== null)
    .map((message) => {
      const { id, type, from, from_user_id, timestamp } = message;
      const sender = people.find(
        ({ wa_id, user_id }) => (wa_id && wa_id === from) || (user_id && user_id === from_user_id),
      );
      return {
        whatsappMessageId: id,
        waId: from,
        waUserId: from_user_id ?? sender?.user_id ?? null,
        name: shownName(sender?.profile?.name ?? ""),
        at: timestamp ?? now,
        type: nearest[type] ?? "text",
        isWritten: type !== "system",
        words: wordsOf(message),
        newIdentity: newIdentityOf(message),
        content: contentOf(message),
      };
    });
}

type Message = z.infer<typeof inboundSchema>;

function wordsOf({ type, text: written, button, interactive }: Message): Inbound["words"] {
  const texts = (...given: (string | null | undefined)[]) => given.filter((each) => each != null);
  if (type === "text") return { source: "keyword", texts: texts(written?.body) };
  if (type === "button") return { source: "button", texts: texts(button?.text, button?.payload) };
  if (type !== "interactive") return { source: "button", texts: [] };
  const tapped = interactive?.button_reply ?? interactive?.list_reply;
  return { source: "button", texts: texts(tapped?.title, tapped?.id) };
}

const moves = ["user_changed_number", "user_changed_user_id"];

function newIdentityOf({ type, system }: Message): Inbound["newIdentity"] {
  if (type !== "system" || !system?.type || !moves.includes(system.type)) return null;
  const { wa_id: waId, user_id: waUserId } = system;
  return waId === null && waUserId === null ? null : { waId, waUserId };
}

function contentOf(message: Message): Record<string, unknown> {
  const { type } = message;
  const extras = ["context", "referral", "errors"].filter((key) => message[key] != null);
  return {
    type,
    [type]: isFile(type) ? partOf(message[type], fileFields) : message[type],
    ...Object.fromEntries(extras.map((key) => [key, message[key]])),
  };
}
