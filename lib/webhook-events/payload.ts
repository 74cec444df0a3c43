import * as z from "zod";
import { type Receipt, type ReceiptState, receiptStates } from "@/lib/messages/status";

/**
 * Meta's webhook documents, read tolerantly: unknown fields, kinds and states pass, missing ones are empty.
 * Source: Meta, "Webhooks: messages, message_template_status_update, user_preferences" (September 2026).
 */
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((items) => items.flatMap((each) => item.safeParse(each).data ?? []));
const text = z.string().nullable().catch(null);
const record = z.record(z.string(), z.unknown()).catch({});

const changeSchema = z.object({ field: z.string(), value: record });
const payloadSchema = z.object({
  entry: list(z.object({ id: z.coerce.string(), changes: list(changeSchema) })),
});

/** One thing that Meta reports, and where it belongs. */
export type Change = {
  wabaId: string;
  phoneNumberId: string | null;
  field: string;
  value: Record<string, unknown>;
};

export function changesOf(payload: unknown): Change[] {
  const { entry } = payloadSchema.catch({ entry: [] }).parse(payload);
  return entry.flatMap(({ id, changes }) =>
    changes.map(({ field, value }) => ({
      wabaId: id,
      field,
      value,
      phoneNumberId:
        z.object({ metadata: z.object({ phone_number_id: z.string() }) }).safeParse(value).data?.metadata
          .phone_number_id ?? null,
    })),
  );
}

/** The same document with only these changes in it. */
export function payloadOf(changes: Change[]) {
  const entries = new Map<string, { field: string; value: Record<string, unknown> }[]>();
  for (const { wabaId, field, value } of changes)
    entries.set(wabaId, [...(entries.get(wabaId) ?? []), { field, value }]);
  return {
    object: "whatsapp_business_account",
    entry: [...entries].map(([id, of]) => ({ id, changes: of })),
  };
}

/** `message_status`, `message`, another field's own name, or `mixed`. */
export function eventTypeOf(changes: Change[]): string {
  const types = new Set(changes.flatMap(typesOf));
  const [only = "unknown"] = types;
  return types.size > 1 ? "mixed" : only;
}

function typesOf({ field, value }: Change): string[] {
  if (field !== "messages") return [field];
  const types = [
    ...(Array.isArray(value.statuses) ? ["message_status"] : []),
    ...(Array.isArray(value.messages) ? ["message"] : []),
  ];
  return types.length > 0 ? types : [field];
}

const instant = z.coerce
  .number()
  .positive()
  .transform((seconds) => new Date(seconds * 1000))
  .refine((date) => !Number.isNaN(date.getTime()))
  .nullable()
  .catch(null);

const statusSchema = z.object({
  id: z.string(),
  status: z.string(),
  timestamp: instant,
  biz_opaque_callback_data: z.uuid().nullable().catch(null),
  errors: list(
    z.object({
      code: z.coerce.string(),
      title: text,
      error_data: z.object({ details: text }).nullable().catch(null),
    }),
  ),
});

const isReceiptState = (state: string): state is ReceiptState =>
  receiptStates.some((known) => known === state);

/** `played` (a voice note) and whatever comes later says nothing about delivery that we count. */
export function receiptsOf({ value }: Change): Receipt[] {
  return list(statusSchema)
    .parse(value.statuses)
    .flatMap(({ id, status, timestamp, biz_opaque_callback_data, errors: [error] }) =>
      isReceiptState(status)
        ? {
            messageId: biz_opaque_callback_data,
            whatsappMessageId: id,
            state: status,
            at: timestamp,
            errorCode: error?.code ?? null,
            errorMessage: error?.error_data?.details ?? error?.title ?? null,
          }
        : [],
    );
}

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
        content: { type, [type]: message[type] },
      };
    });
}

const preferenceSchema = z.object({ wa_id: text, user_id: text, value: z.string(), timestamp: instant });

/** People who stopped marketing messages in WhatsApp's own settings. */
export function stopsOf({ field, value }: Change) {
  if (field !== "user_preferences") return [];
  return list(preferenceSchema)
    .parse(value.user_preferences)
    .filter(({ value: choice, wa_id, user_id }) => choice === "stop" && (wa_id !== null || user_id !== null))
    .map(({ wa_id, user_id, timestamp }) => ({ waId: wa_id, waUserId: user_id, at: timestamp }));
}

const templateStatusSchema = z.object({
  event: z.string(),
  message_template_id: z.coerce.string(),
  message_template_name: z.string(),
  message_template_language: z.string().transform((language) => language.replace("-", "_")),
  reason: text,
});

export function templateStatusOf({ field, value }: Change) {
  if (field !== "message_template_status_update") return null;
  const update = templateStatusSchema.safeParse(value).data;
  return (
    update && {
      whatsappTemplateId: update.message_template_id,
      name: update.message_template_name,
      language: update.message_template_language,
      status: update.event,
      reason: update.reason === "NONE" ? null : update.reason,
    }
  );
}

/**
 * The ids a raw body names, to choose the secrets its signature is tried against. Nothing of it is believed before
 * the signature matched.
 */
export function claimedIds(body: string): { phoneNumberIds: string[]; wabaIds: string[] } {
  const find = (pattern: RegExp) => [
    ...new Set([...body.matchAll(pattern)].slice(0, 100).map(([, id = ""]) => id)),
  ];
  return {
    phoneNumberIds: find(/"phone_number_id"\s*:\s*"(\d{1,20})"/g),
    wabaIds: find(/"id"\s*:\s*"(\d{1,20})"/g),
  };
}
