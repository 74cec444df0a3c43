"use client";

import { useSyncExternalStore } from "react";
import type { Content } from "@/lib/inbox/content";
import { newId } from "@/lib/inbox/conversation";
import type { Reply } from "@/lib/inbox/schema";
import type { Media } from "@/lib/media/schema";

/** A text that is being written. Its id is made with it and becomes the message's: however often it is sent, it is one. */
type Draft = { id: string; text: string; media: Media | null };

/** On its way to the server. With `error` it did not get there, or was refused. */
export type Outgoing = { reply: Reply; content: Content; startedAt: string; error: string | null };

type Desk = { draft: Draft; outgoing: Outgoing[] };

/** Lives as long as the tab, in memory only: nothing that was written stays on a shared computer. */
const desks = new Map<string, Desk>();
const listeners = new Set<() => void>();

const emptyDraft = (): Draft => ({ id: newId(), text: "", media: null });

function deskOf(contactId: string): Desk {
  const desk = desks.get(contactId) ?? { draft: emptyDraft(), outgoing: [] };
  desks.set(contactId, desk);
  return desk;
}

function change(contactId: string, next: Partial<Desk>) {
  desks.set(contactId, { ...deskOf(contactId), ...next });
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** On the server nobody has written anything. */
const emptyDesk: Desk = { draft: { id: "", text: "", media: null }, outgoing: [] };

export const useDesk = (contactId: string): Desk =>
  useSyncExternalStore(
    subscribe,
    () => deskOf(contactId),
    () => emptyDesk,
  );

export const write = (contactId: string, text: string) =>
  change(contactId, { draft: { ...deskOf(contactId).draft, text } });

export const attach = (contactId: string, media: Media | null) =>
  change(contactId, { draft: { ...deskOf(contactId).draft, media } });

/** The draft has been handed over; the next one is another message. */
export const startAfresh = (contactId: string) => change(contactId, { draft: emptyDraft() });

export function putOut(contactId: string, outgoing: Outgoing) {
  const others = deskOf(contactId).outgoing.filter(({ reply }) => reply.id !== outgoing.reply.id);
  change(contactId, { outgoing: [...others, outgoing] });
}

export function fail(contactId: string, id: string, error: string) {
  const outgoing = deskOf(contactId).outgoing.map((each) =>
    each.reply.id === id ? { ...each, error } : each,
  );
  change(contactId, { outgoing });
}

export const takeBack = (contactId: string, id: string) =>
  change(contactId, { outgoing: deskOf(contactId).outgoing.filter(({ reply }) => reply.id !== id) });
