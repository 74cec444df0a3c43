import { changesOf, receiptsOf } from "@/lib/webhook-events/payload";

/** What an event names: our own and WhatsApp's ids of messages, people and templates. */
export type EventIds = {
  messageIds: string[];
  whatsappMessageIds: string[];
  waIds: string[];
  waUserIds: string[];
  templateIds: string[];
};

/** Of an event about very many only the first are shown. */
const MAX = 50;

const named = {
  whatsappMessageIds: [
    ["statuses", "id"],
    ["messages", "id"],
  ],
  waIds: [
    ["statuses", "recipient_id"],
    ["messages", "from"],
    ["user_preferences", "wa_id"],
  ],
  waUserIds: [
    ["statuses", "recipient_user_id"],
    ["messages", "from_user_id"],
    ["user_preferences", "user_id"],
  ],
} as const;

export function idsIn(payload: unknown): EventIds {
  const changes = changesOf(payload);
  const values = changes.map(({ value }) => value);
  const collect = (paths: readonly (readonly [list: string, field: string])[]) =>
    few(
      paths.flatMap(([list, field]) =>
        values.flatMap((value) => itemsOf(value[list]).map((item) => item[field])),
      ),
    );
  return {
    messageIds: few(changes.flatMap(receiptsOf).map(({ messageId }) => messageId)),
    whatsappMessageIds: collect(named.whatsappMessageIds),
    waIds: collect(named.waIds),
    waUserIds: collect(named.waUserIds),
    templateIds: few(values.map(({ message_template_id: id }) => (typeof id === "number" ? String(id) : id))),
  };
}

const itemsOf = (list: unknown): Record<string, unknown>[] =>
  Array.isArray(list) ? list.filter((item) => typeof item === "object" && item !== null) : [];

const few = (ids: unknown[]): string[] =>
  [...new Set(ids.filter((id) => typeof id === "string" && id !== ""))].slice(0, MAX) as string[];
