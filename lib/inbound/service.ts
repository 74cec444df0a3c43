import { stopsOf } from "@/lib/consent/preferences";
import { consentRepository } from "@/lib/consent/repository";
import { isOptOut } from "@/lib/consent/words";
import { identityRepository } from "@/lib/identity/repository";
import { type Inbound, inboundOf } from "@/lib/inbound/message";
import { messageRepository } from "@/lib/messages/repository";
import { templateStatusOf } from "@/lib/templates/report";
import { templateRepository } from "@/lib/templates/repository";
import type { UserId } from "@/lib/tenant";
import type { Change } from "@/lib/webhook-events/payload";

/** Does what something that Meta reports asks for, receipts of messages aside. May be repeated. */
export async function applyChange(userId: UserId, change: Change): Promise<void> {
  for (const inbound of inboundOf(change, new Date())) await receive(userId, inbound);
  for (const { waId, waUserId } of stopsOf(change)) {
    const { id } = await identityRepository.recordInbound(userId, { waId, waUserId, at: null });
    await consentRepository.set(userId, id, { action: "opt_out", source: "whatsapp_settings" });
  }
  const template = templateStatusOf(change);
  if (template) await templateRepository.applyStatus(userId, template);
}

/** The message is stored last: a crash in between repeats the opt-out instead of losing it. */
async function receive(userId: UserId, inbound: Inbound): Promise<void> {
  if (await messageRepository.isStored(userId, inbound.whatsappMessageId)) return;
  const { id: contactId } = await identityRepository.recordInbound(userId, inbound);
  if (inbound.text !== null && isOptOut(inbound.text)) {
    await consentRepository.set(userId, contactId, {
      action: "opt_out",
      source: "keyword",
      wording: inbound.text,
    });
  }
  await messageRepository.createInbound(userId, { ...inbound, contactId });
}
