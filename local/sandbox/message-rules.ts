import { badParameter, invalidParameter, missingParameter, refusal } from "./graph-error";
import type { QuickReply } from "./outcomes";
import { digitsOf } from "./people";

export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const objectOf = (value: unknown): Json => (isObject(value) ? value : {});

export type MediaRef = { id: string } | { link: string };

/** A send request that is well formed; whether its template exists is somebody else's question. */
export type MessageRequest = {
  to: string | null;
  userId: string | null;
  input: string;
  type: string;
  callbackData: string | null;
  template: Json | null;
  media: MediaRef | null;
  quickReplies: QuickReply[];
};

const mediaTypes = new Set(["image", "document", "video", "audio", "sticker"]);
const otherTypes = new Set(["text", "template", "interactive", "location", "contacts", "reaction"]);
const allTypes = [...mediaTypes, ...otherTypes].map((type) => type.toUpperCase()).sort();

/** "Business-scoped user IDs": country code, dot, up to 128 alphanumerics. */
const userIdPattern = /^[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]{1,128}$/;

/** "Messages" of the Cloud API reference: the common envelope, then the body that `type` asks for. */
export function readMessage(body: Json): MessageRequest {
  checkProduct(body);
  const { to, recipient } = body;
  const callbackData = body.biz_opaque_callback_data ?? null;
  if (callbackData !== null && (typeof callbackData !== "string" || callbackData.length > 512)) {
    throw badParameter("Param biz_opaque_callback_data must be at most 512 characters long.");
  }
  const type = body.type ?? "text";
  if (typeof type !== "string" || !(mediaTypes.has(type) || otherTypes.has(type))) {
    throw badParameter(`Param type must be one of {${allTypes.join(", ")}} - got "${String(type)}".`);
  }
  if (to === undefined && recipient === undefined) throw missingParameter("to");
  const content = body[type];
  if (!isObject(content) && !(type === "contacts" && Array.isArray(content))) {
    throw invalidParameter(`Parameter '${type}' is mandatory for type '${type}'`);
  }
  const details = objectOf(content);
  if (type === "text") checkText(details);
  const person = readRecipient(to, recipient);
  return {
    to: person.to,
    userId: person.userId,
    input: person.input,
    type,
    callbackData,
    template: type === "template" ? readTemplate(details) : null,
    media: mediaTypes.has(type) ? readMedia(type, details) : null,
    quickReplies: type === "interactive" ? readInteractive(details) : [],
  };
}

export function checkProduct(body: Json): void {
  const product = body.messaging_product;
  if (product === undefined) throw missingParameter("messaging_product");
  if (product !== "whatsapp") {
    throw badParameter(`Param messaging_product must be one of {WHATSAPP} - got "${String(product)}".`);
  }
}

/** If both are given `to` wins ("Business-scoped user IDs"). */
function readRecipient(to: unknown, recipient: unknown) {
  if (to !== undefined) {
    const input = String(to);
    const digits = digitsOf(input);
    if (!/^[+\d\s()-]+$/.test(input) || digits.length < 7 || digits.length > 15) {
      throw refusal(131009, "Recipient phone number is not a valid phone number");
    }
    return { to: digits, userId: null, input };
  }
  if (typeof recipient !== "string" || !userIdPattern.test(recipient)) {
    throw refusal(131009, "Recipient is not a valid business-scoped user ID");
  }
  return { to: null, userId: recipient, input: recipient };
}

function checkText({ body }: Json): void {
  if (typeof body !== "string" || body === "") throw missingParameter("text['body']");
  if (body.length > 4096) throw badParameter("Param text['body'] must be at most 4096 characters long.");
}

export function readMedia(type: string, media: Json): MediaRef {
  const { id, link, caption } = media;
  if ((id === undefined) === (link === undefined)) {
    throw invalidParameter(`Parameter '${type}' must have exactly one of 'id' and 'link'`);
  }
  if (typeof caption === "string" && caption.length > 1024) {
    throw badParameter(`Param ${type}['caption'] must be at most 1024 characters long.`);
  }
  if (id !== undefined) return { id: String(id) };
  if (typeof link !== "string" || !/^https?:\/\/\S+$/.test(link)) {
    throw badParameter(`Param ${type}['link'] is not a valid URL.`);
  }
  return { link };
}

/** "Interactive messages": three reply buttons at most, ten list rows at most. */
function readInteractive(interactive: Json): QuickReply[] {
  const { type } = interactive;
  if (typeof type !== "string") throw missingParameter("interactive['type']");
  const text = objectOf(interactive.body).text;
  if (type === "button" || type === "list") {
    if (typeof text !== "string" || text === "") throw missingParameter("interactive['body']['text']");
    if (text.length > (type === "list" ? 4096 : 1024)) throw refusal(131009, "Body text is too long");
  }
  const action = objectOf(interactive.action);
  if (type === "list") {
    checkList(action);
    return [];
  }
  return type === "button" ? readReplyButtons(action.buttons) : [];
}

function readReplyButtons(buttons: unknown): QuickReply[] {
  if (!Array.isArray(buttons) || buttons.length < 1 || buttons.length > 3) {
    throw refusal(131009, "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3");
  }
  const replies = buttons.map((button) => {
    const { id, title } = objectOf(objectOf(button).reply);
    if (typeof id !== "string" || id === "") throw refusal(131008, "Button reply id is required");
    if (typeof title !== "string" || title === "") throw refusal(131008, "Button title is required");
    if (id.length > 256) throw refusal(131009, "Button reply id is too long. Max length is 256");
    if (title.length > 20) throw refusal(131009, "Button title is too long. Max length is 20");
    return { payload: id, text: title, interactive: true };
  });
  if (new Set(replies.map(({ payload }) => payload)).size < replies.length) {
    throw refusal(131009, "Button reply ids must be unique");
  }
  return replies;
}

function checkList({ button, sections }: Json): void {
  if (typeof button !== "string" || button.length > 20)
    throw refusal(131009, "List button must have 1 to 20 characters");
  if (!Array.isArray(sections) || sections.length < 1 || sections.length > 10) {
    throw refusal(131009, "A list has 1 to 10 sections");
  }
  const rows = sections.flatMap((section) => objectOf(section).rows ?? []).map(objectOf);
  if (rows.length < 1 || rows.length > 10)
    throw refusal(131009, "Total row count exceed max allowed count: 10");
  for (const { id, title, description } of rows) {
    if (typeof id !== "string" || id.length > 200)
      throw refusal(131009, "Row id must have 1 to 200 characters");
    if (typeof title !== "string" || title.length > 24)
      throw refusal(131009, "Row title must have 1 to 24 characters");
    if (typeof description === "string" && description.length > 72) {
      throw refusal(131009, "Row description must have at most 72 characters");
    }
  }
}

function readTemplate(template: Json): Json {
  if (typeof template.name !== "string" || template.name === "") throw missingParameter("template['name']");
  const { code } = objectOf(template.language);
  if (typeof code !== "string" || code === "") throw missingParameter("template['language']['code']");
  return template;
}
