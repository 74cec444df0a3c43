import type { MessageContentType } from "@/lib/db/generated/enums";
import { conflict, invalid, notFound } from "@/lib/errors";
import { type Draft, replyBody } from "@/lib/inbox/body";
import type { ReplyState } from "@/lib/inbox/conversation";
import { inboxRepository } from "@/lib/inbox/repository";
import type { Reply, TemplateReply } from "@/lib/inbox/schema";
import { aKind } from "@/lib/media/limits";
import type { Media } from "@/lib/media/schema";
import { messageRepository } from "@/lib/messages/repository";
import { settle } from "@/lib/messages/service";
import { type Claimed, failed } from "@/lib/messages/settlement";
import { templateRepository } from "@/lib/templates/repository";
import { headerMediaOf, obstacleOf, variablesOf } from "@/lib/templates/variables";
import type { UserId } from "@/lib/tenant";
import { type Connection, userRepository } from "@/lib/users/repository";
import { type SendOutcome, sendMessage } from "@/lib/whatsapp/client";
import { causeOf, reasonOf } from "@/lib/whatsapp/errors";
import { downloadFromMeta } from "@/lib/whatsapp/media";

const NOT_CONNECTED = "WhatsApp is not connected. Connect a number or the sandbox in Settings.";
const UNREACHABLE = "WhatsApp could not be reached, so nothing was sent. Send it again in a minute.";

/**
 * Sends one message to one person, at most once for each id, and tells what has become of it. The row is committed
 * before the first byte leaves: whoever comes with the same id again finds it. A message that WhatsApp does not take
 * now has failed and is not queued: only its author knows whether it still makes sense later.
 */
export async function sendReply(userId: UserId, contactId: string, reply: Reply): Promise<ReplyState> {
  const known = await inboxRepository.findReply(userId, contactId, reply.id);
  if (known) return known;
  const connection = await userRepository.findConnection(userId);
  if (!connection) throw conflict(NOT_CONNECTED);
  checkFile(reply.media, connection);

  const draft: Draft = reply.kind === "template" ? await fillIn(userId, reply) : reply;
  const { addressee, reason } = await inboxRepository.claimReply(userId, contactId, {
    id: reply.id,
    type: typeOf(reply),
    content: "template" in draft ? draft : { text: draft.text, media: draft.media },
    templateId: reply.kind === "template" ? reply.templateId : null,
  });
  if (addressee) {
    const { phone, waUserId, isInitiated, claimedAt } = addressee;
    const parameters = "template" in draft ? draft.parameters : [];
    const message = { id: reply.id, phone: phone ?? "", parameters, retryCount: 0, isInitiated, claimedAt };
    const body = replyBody(draft, message, waUserId);
    await settleReply(userId, message, await sendMessage(connection, connection.phoneNumberId, body));
  }
  const state = await inboxRepository.findReply(userId, contactId, reply.id);
  if (!state) throw conflict(reason ?? "This message could not be sent. Write it again.");
  return state;
}

const typeOf = ({ kind, media }: Reply): MessageContentType => {
  if (kind === "template") return "template";
  return media?.kind === "image" || media?.kind === "document" ? media.kind : "text";
};

function checkFile(media: Media | null, { phoneNumberId }: Connection): void {
  if (media && media.phoneNumberId !== phoneNumberId)
    throw invalid("media", "The file was uploaded for another phone number. Choose it again.");
}

async function fillIn(userId: UserId, { templateId, parameters, media }: TemplateReply): Promise<Draft> {
  const template = await templateRepository.find(userId, templateId);
  if (!template) throw invalid("templateId", "Choose a template");
  const { name, language, category, components } = template;
  const obstacle = obstacleOf(components);
  if (obstacle) throw invalid("templateId", obstacle);
  if (variablesOf(components).length !== parameters.length)
    throw invalid("parameters", "The template has changed. Choose it again.");
  const kind = headerMediaOf(components);
  if (kind && media?.kind !== kind)
    throw invalid("media", `The header of the template needs ${aKind(kind)}. Choose one.`);
  return { template: { name, language, category, components, ...(kind && media && { media }) }, parameters };
}

async function settleReply(userId: UserId, message: Claimed, outcome: SendOutcome): Promise<void> {
  switch (outcome.kind) {
    case "accepted":
    case "unknown":
      return settle(userId, [{ message, outcome }]);
    case "unreachable":
      await messageRepository.settle(userId, [{ ...failed(message, 0, UNREACHABLE), errorCode: null }]);
      return;
    case "refused": {
      const { scope, retry, words } = causeOf(outcome.code);
      // Which is an opt-out as well.
      if (scope === "stopped") return settle(userId, [{ message, outcome }]);
      const reason = retry === "soon" ? `${words} Send it again in a minute.` : reasonOf(outcome.code);
      await messageRepository.settle(userId, [failed(message, outcome.code, reason)]);
    }
  }
}

/** The file of a message, or a part of it, on its way from WhatsApp, which keeps it. */
export async function openFile(userId: UserId, messageId: string, range: string | null = null) {
  const file = await inboxRepository.findFile(userId, messageId);
  if (!file) throw notFound("File");
  const connection = await userRepository.findConnection(userId);
  if (!connection) throw conflict(NOT_CONNECTED);
  const download = await downloadFromMeta(connection, connection.phoneNumberId, file.mediaId, range);
  return { ...download, fileName: file.fileName };
}
