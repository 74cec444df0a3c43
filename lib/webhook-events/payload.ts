import { type Receipt, type ReceiptState, receiptStates } from "@/lib/messages/status";
import { instantOf } from "@/lib/webhook-events/reading";

/**
 * Meta's webhook documents, read tolerantly: unknown fields, kinds and states pass, missing ones are empty.
 * Source: Meta, "Webhooks: messages, message_template_status_update, user_preferences" (September 2026).
 * What comes three times per message is read by hand, the rest by schema, which costs some twenty times as much.
 */
type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const objectsOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);
const codeOf = (value: unknown): string | null => (typeof value === "number" ? String(value) : textOf(value));

/** One thing that Meta reports, and where it belongs. */
export type Change = {
  wabaId: string;
  phoneNumberId: string | null;
  field: string;
  value: Json;
  /** When Meta noticed it, as far as it tells. */
  at: Date | null;
};

export function changesOf(payload: unknown): Change[] {
  return objectsOf(isObject(payload) && payload.entry).flatMap(({ id, time, changes }) =>
    objectsOf(changes).flatMap((change) => {
      const field = textOf(change.field);
      const value = isObject(change.value) ? change.value : {};
      const phoneNumberId = isObject(value.metadata) ? textOf(value.metadata.phone_number_id) : null;
      return field === null
        ? []
        : { wabaId: codeOf(id) ?? "", phoneNumberId, field, value, at: instantOf(time) };
    }),
  );
}

/** The same document with only these changes in it. */
export function payloadOf(changes: Change[]) {
  const entries = new Map<string, { id: string; time?: number; changes: { field: string; value: Json }[] }>();
  for (const { wabaId: id, at, field, value } of changes) {
    const time = at ? at.getTime() / 1000 : undefined;
    const entry = entries.get(`${id} ${time}`) ?? { id, ...(time && { time }), changes: [] };
    entry.changes.push({ field, value });
    entries.set(`${id} ${time}`, entry);
  }
  return { object: "whatsapp_business_account", entry: [...entries.values()] };
}

const MAX_TYPE = 60;

/** `message_status`, `message`, another field's own name, or `mixed`. */
export function eventTypeOf(changes: Change[]): string {
  const types = new Set(changes.flatMap(typesOf));
  const [only = "unknown"] = types;
  return types.size > 1 ? "mixed" : only;
}

function typesOf({ field, value }: Change): string[] {
  if (field !== "messages") return [field.slice(0, MAX_TYPE).toWellFormed()];
  const types = [
    ...(Array.isArray(value.statuses) ? ["message_status"] : []),
    ...(Array.isArray(value.messages) ? ["message"] : []),
  ];
  return types.length > 0 ? types : [field];
}

const isReceiptState = (state: unknown): state is ReceiptState =>
  receiptStates.some((known) => known === state);

/** What we gave Meta along with a message: its id and, from the second attempt on, the attempt's number. */
const callbackData = /^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?:\.(\d{1,9}))?$/i;

/** `played` (a voice note) and whatever comes later says nothing about delivery that we count. */
export function receiptsOf({ value }: Change): Receipt[] {
  return objectsOf(value.statuses).flatMap((status): Receipt | [] => {
    const { id, status: state } = status;
    if (typeof id !== "string" || !isReceiptState(state)) return [];
    const [, messageId = null, attempt = 0] =
      callbackData.exec(textOf(status.biz_opaque_callback_data) ?? "") ?? [];
    const error = objectsOf(status.errors).find(({ code }) => codeOf(code) !== null);
    const pricing = isObject(status.pricing) ? status.pricing : {};
    const details = isObject(error?.error_data) ? textOf(error.error_data.details) : null;
    return {
      messageId,
      attempt: messageId === null ? null : Number(attempt),
      whatsappMessageId: id,
      state,
      at: instantOf(status.timestamp),
      errorCode: codeOf(error?.code),
      errorMessage: details ?? textOf(error?.title),
      category: textOf(pricing.category),
      pricingType: textOf(pricing.type),
    };
  });
}

/** Who wrote the messages in it. */
export const sendersOf = ({ value }: Change): string[] =>
  objectsOf(value.messages).flatMap(({ from, from_user_id }) => textOf(from) ?? textOf(from_user_id) ?? []);

/** Whether there is nothing in it but statuses of messages. */
export const isReport = ({ field, value }: Change) =>
  field === "messages" && objectsOf(value.messages).length === 0;

/** Meta puts up to 1,000 updates into a call. Each may name an account of its own, and a file. */
const MAX_IDS = 2000;

/**
 * The ids a raw body names, to choose the secrets its signature is tried against. Nothing of it is believed before
 * the signature matched.
 */
export function claimedIds(body: string): { phoneNumberIds: string[]; wabaIds: string[] } {
  return { phoneNumberIds: valuesOf(body, '"phone_number_id"'), wabaIds: valuesOf(body, '"id"') };
}

function valuesOf(body: string, key: string): string[] {
  const found = new Set<string>();
  const digits = /\s*:\s*"(\d{1,20})"/y;
  for (let at = body.indexOf(key); at >= 0 && found.size < MAX_IDS; at = body.indexOf(key, at + key.length)) {
    digits.lastIndex = at + key.length;
    const [, id] = digits.exec(body) ?? [];
    if (id) found.add(id);
  }
  return [...found];
}
