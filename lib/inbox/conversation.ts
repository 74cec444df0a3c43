import type { MessageDirection, MessageStatus } from "@/lib/db/generated/enums";
import type { Content } from "@/lib/inbox/content";
import type { Moment } from "@/lib/moment";

/** Beyond so many unread conversations nobody counts. */
export const MAX_UNREAD = 99;
/** A search looks at everybody's name, number and address, and at the texts of so many newest conversations. */
export const SEARCHED_TEXTS = 1000;

export type Page<Item> = { items: Item[]; nextCursor: string | null };

export type Conversation = {
  contactId: string;
  /** Their newest message; orders the list. */
  lastInboundId: string;
  name: string | null;
  phone: string | null;
  isUnread: boolean;
  /** Whether a text of one's own may be sent. */
  isOpen: boolean;
  latest: { at: Moment; direction: MessageDirection; status: MessageStatus; summary: string };
};

/** Somebody as the head of a conversation shows them. */
export type Person = {
  id: string;
  name: string | null;
  phone: string | null;
  optedIn: boolean;
  optedOutAt: Moment | null;
  isBlocked: boolean;
  blockedReason: string | null;
  /** For how long a text of one's own may still be sent; 0 when it may not. */
  openForMs: number;
  /** Null when they have never written. */
  lastInboundId: string | null;
};

type Campaign = { id: string; name: string };

export type Entry = {
  id: string;
  direction: MessageDirection;
  at: Moment;
  status: MessageStatus;
  errorMessage: string | null;
  whatsappMessageId: string | null;
  content: Content;
  /** What it was sent by. */
  campaign: Campaign | null;
  /** What the person answered to: for certain when they quoted it, otherwise the last one before. */
  answered: (Campaign & { isQuoted: boolean }) | null;
};

export type ReplyState = { id: string; status: MessageStatus; errorMessage: string | null };

/** What a person is called where there is room for one name. */
export const nameOf = ({ name, phone }: Pick<Person, "name" | "phone">) =>
  name ?? phone ?? "Somebody without a number";

export type Bubble = Entry & { reactions: string[] };

/**
 * Reactions belong to the message they are about, one per side, and a later one takes the place of an earlier one. One
 * about a message that is not among these stays an entry of its own.
 */
export function bubblesOf(entries: Entry[]): Bubble[] {
  const known = new Set(entries.map(({ whatsappMessageId }) => whatsappMessageId));
  const reactions = new Map<string, Map<MessageDirection, string | null>>();
  const bubbles: Bubble[] = [];
  for (const entry of entries) {
    const { content, direction } = entry;
    if (content.kind === "reaction" && known.has(content.to)) {
      const of = reactions.get(content.to) ?? new Map<MessageDirection, string | null>();
      reactions.set(content.to, of.set(direction, content.emoji));
    } else bubbles.push({ ...entry, reactions: [] });
  }
  return bubbles.map((bubble) => ({
    ...bubble,
    reactions: [...(reactions.get(bubble.whatsappMessageId ?? "")?.values() ?? [])].filter(
      (emoji) => emoji !== null,
    ),
  }));
}

/** A new UUIDv7, as the database makes them: ids order by creation. Source: RFC 9562, 5.7. */
export function newId(now = Date.now()): string {
  const random = crypto.randomUUID();
  const time = now.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
