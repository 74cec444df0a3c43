/** One thing to tell a business about; several of them travel in one webhook POST. */
export type Update = {
  wabaId: string;
  phoneNumberId: string | null;
  field: string;
  at: number;
  content: UpdateContent;
  /** How the ledger names it. */
  ref: Readonly<Record<string, unknown>>;
  /** Called when the business has answered 200, or has nowhere to receive it. */
  settle: () => void;
};

/** `item`, `contact` and `value` are JSON texts, written once and copied into the body. */
export type UpdateContent =
  | { list: "statuses" | "messages" | "user_preferences"; item: string; contact: string | null }
  | { value: string };

/** How the updates of one POST are nested: Meta promises none of the three ("Webhooks > Batching"). */
export type Nesting = "one change per number" | "one change per update" | "one entry per update";

export const nestings: readonly Nesting[] = [
  "one change per number",
  "one change per update",
  "one entry per update",
];

type Group = { first: Update; items: string[]; contacts: Set<string> };

export function buildEnvelope(
  updates: readonly Update[],
  nesting: Nesting,
  metadataOf: (phoneNumberId: string) => string,
): string {
  const entries = new Map<string, string[]>();
  let count = 0;
  for (const group of groupUpdates(updates, nesting)) {
    const { wabaId, field, at } = group.first;
    const timed = field === "messages" ? "" : `,"time":${Math.floor(at / 1000)}`;
    const head = `{"id":"${wabaId}"${timed},"changes":[`;
    const key = nesting === "one entry per update" ? `${count++}${head}` : head;
    const changes = entries.get(key);
    const change = `{"value":${changeValue(group, metadataOf)},"field":${JSON.stringify(field)}}`;
    if (changes) changes.push(change);
    else entries.set(key, [change]);
  }
  const written = Array.from(
    entries,
    ([key, changes]) => `${key.slice(key.indexOf("{"))}${changes.join(",")}]}`,
  );
  return `{"object":"whatsapp_business_account","entry":[${written.join(",")}]}`;
}

/** Neighbours of the same number and list share a change; order is kept. */
function groupUpdates(updates: readonly Update[], nesting: Nesting): Group[] {
  const groups: Group[] = [];
  for (const update of updates) {
    const { content } = update;
    const last = groups.at(-1);
    const item = "list" in content ? content.item : content.value;
    const contact = "list" in content ? content.contact : null;
    if (last && nesting === "one change per number" && canShare(last.first, update)) {
      last.items.push(item);
      if (contact !== null) last.contacts.add(contact);
    } else {
      groups.push({ first: update, items: [item], contacts: new Set(contact === null ? [] : [contact]) });
    }
  }
  return groups;
}

const canShare = (one: Update, other: Update): boolean =>
  "list" in one.content &&
  "list" in other.content &&
  one.content.list === other.content.list &&
  one.phoneNumberId === other.phoneNumberId;

function changeValue(
  { first, items, contacts }: Group,
  metadataOf: (phoneNumberId: string) => string,
): string {
  if (!("list" in first.content)) return items[0] ?? "{}";
  const people = contacts.size > 0 ? `"contacts":[${[...contacts].join(",")}],` : "";
  const metadata = metadataOf(first.phoneNumberId ?? "");
  return `{"messaging_product":"whatsapp","metadata":${metadata},${people}"${first.content.list}":[${items.join(",")}]}`;
}
