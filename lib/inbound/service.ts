import { confirmOptOut } from "@/lib/confirmations/service";
import { type Preference, preferencesOf } from "@/lib/consent/preferences";
import { type ConsentChange, consentRepository } from "@/lib/consent/repository";
import { wishOf } from "@/lib/consent/words";
import { AppError } from "@/lib/errors";
import { HAD_OPTED_OUT, type Identity, identityRepository, type Sender } from "@/lib/identity/repository";
import { type Inbound, inboundOf } from "@/lib/inbound/message";
import { messageRepository } from "@/lib/messages/repository";
import { applyStanding } from "@/lib/standing/service";
import { applyTemplateReport } from "@/lib/template-standing/service";
import type { UserId } from "@/lib/tenant";
import { userRepository } from "@/lib/users/repository";
import { doAll } from "@/lib/webhook-events/attempts";
import type { Change } from "@/lib/webhook-events/payload";

/** Does what something that Meta reports asks for, receipts of messages aside. May be repeated. */
export const applyChange = (userId: UserId, change: Change): Promise<void> =>
  doAll([
    ...inboundOf(change, new Date()).map((inbound) => () => receive(userId, inbound)),
    ...preferencesOf(change).map((preference) => () => applyPreference(userId, preference)),
    () => applyTemplateReport(userId, change),
    () => applyStanding(userId, change),
  ]);

/** The message is stored last: a crash in between repeats the opt-out instead of losing it. */
async function receive(userId: UserId, inbound: Inbound): Promise<void> {
  const { whatsappMessageId, waId, waUserId, newIdentity } = inbound;
  if (await messageRepository.isStored(userId, whatsappMessageId)) return;
  const { at } = inbound;
  if (newIdentity) await identityRepository.changeIdentity(userId, { waId, waUserId }, newIdentity, at);
  const sender = { waId, waUserId, name: inbound.name, asOf: at, ...newIdentity };
  await withPerson(userId, { ...sender, at: inbound.isWritten ? at : null }, async (contactId) => {
    await heed(userId, contactId, inbound);
    await messageRepository.createInbound(userId, { ...inbound, contactId });
  });
}

const TRIES = 5;

/** Does something for a person, and once more should their entry have become part of another meanwhile. */
async function withPerson(
  userId: UserId,
  sender: Sender,
  act: (contactId: string) => Promise<unknown>,
): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const { id } = await identityRepository.recordInbound(userId, sender);
    await act(id).catch((error: unknown) => {
      if (!(error instanceof AppError && error.code === "NOT_FOUND")) throw error;
    });
    if (await identityRepository.isCurrent(userId, id)) return;
  }
  throw new Error("A person was merged again and again");
}

/** What a text or a tapped button says about hearing from this business. */
async function heed(userId: UserId, contactId: string, inbound: Inbound): Promise<void> {
  const { words, at } = inbound;
  if (words.texts.length === 0) return;
  const settings = await userRepository.getConsentSettings(userId);
  const said = words.texts.map((text) => ({ text, wish: wishOf(text, settings) }));
  const [first] = said;
  const { source } = words;
  if (said.some(({ wish }) => wish === "opt_out")) {
    const change = { source, at, wording: first?.text };
    if (await consentRepository.set(userId, contactId, { ...change, action: "opt_out" }))
      await confirmOptOut(userId, contactId);
    await stopOthers(userId, contactId, inbound, { source, at });
  } else if (said.some(({ wish }) => wish === "opt_in")) {
    await consentRepository.optInAgain(userId, contactId, { source, at, wording: first?.text });
  }
}

/** A number that somebody opted out of is opted out for whoever has it now, however late that is heard. */
async function stopOthers(
  userId: UserId,
  contactId: string,
  identity: Identity,
  { source, at }: Pick<ConsentChange, "source" | "at">,
): Promise<void> {
  const change = { action: "opt_out", source, at, wording: HAD_OPTED_OUT } as const;
  for (const id of await identityRepository.list(userId, identity))
    if (id !== contactId) await consentRepository.set(userId, id, change);
}

async function applyPreference(userId: UserId, { choice, detail, ...preference }: Preference): Promise<void> {
  const { waId, waUserId, at } = preference;
  await withPerson(userId, { waId, waUserId, at: null, asOf: at }, async (contactId) => {
    const change = { source: "whatsapp_settings", at, wording: detail ?? undefined } as const;
    if (choice === "stop") {
      await consentRepository.set(userId, contactId, { ...change, action: "opt_out" });
      return stopOthers(userId, contactId, preference, change);
    }
    if (choice === "resume") return consentRepository.resume(userId, contactId, change);
    return consentRepository.set(userId, contactId, {
      ...change,
      action: "opt_in",
      wording: detail ?? SIGNED_UP,
    });
  });
}

const SIGNED_UP = "Signed up for offers and announcements in WhatsApp.";
