import { setTimeout as sleep } from "node:timers/promises";
import { inngest } from "@/inngest/client";
import { laneReady } from "@/inngest/events";
import { campaignRepository } from "@/lib/campaigns/repository";
import { type TemplateSnapshot, templateSnapshotSchema } from "@/lib/campaigns/schema";
import { contactRepository } from "@/lib/contacts/repository";
import { logger } from "@/lib/logger";
import { rateOf, reserve, reservedMs, slowDown } from "@/lib/messages/pace";
import { type Claimed, messageRepository, type Unsettled } from "@/lib/messages/repository";
import { OUTCOME_UNKNOWN, type Receipt } from "@/lib/messages/status";
import { toSendComponents } from "@/lib/templates/variables";
import type { UserId } from "@/lib/tenant";
import { type Connection, userRepository } from "@/lib/users/repository";
import { type SendOutcome, sendMessage } from "@/lib/whatsapp/client";
import { causeOf, isRateLimit } from "@/lib/whatsapp/errors";

/** A step of the job engine: short enough for a serverless host, long enough to cost nothing per message. */
const SLICE_MS = 10_000;
const MAX_ATTEMPTS = 6;
/**
 * What is claimed and not answered yet: this many, or one second of the account's rate if that is more. Room for slow
 * answers, and the bound of what a crash leaves unknown.
 */
const MIN_IN_FLIGHT = 200;

/** What is claimed at once, in seconds of the present rate: whatever waits for its place when we die is unknown. */
const BATCH_SECONDS = 0.1;

/** The next batch is claimed this long before the last place of the one before, so that no place stays empty. */
const CLAIM_AHEAD_MS = 50;

/** `stopped` holds the campaigns that paused themselves in this slice, and `ACCOUNT` when all of them did. */
type Lane = { userId: UserId; connection: Connection; stopped: Set<string> };
/** `held`: claimed, then not posted because the campaign paused in the meantime. */
type Outcome = { message: Claimed; outcome: SendOutcome | { kind: "held" } };

const ACCOUNT = "account";

let isDraining = false;

/** From now on no slice claims anything more; what is in flight is still settled. For an orderly shutdown. */
export function drain(): void {
  isDraining = true;
}

/**
 * Sends for all campaigns of an account in turn, for at most ten seconds. Returns how long to wait before the next
 * slice is worth running (0: at once; null: nothing is queued).
 */
export async function sendSlice(userId: UserId): Promise<{ posted: number; waitMs: number | null }> {
  const connection = await openConnection(userId);
  if (!connection) return { posted: 0, waitMs: null };
  const posted = await sendInTurn({ userId, connection, stopped: new Set() });
  await campaignRepository.finishAll(userId);
  return { posted, waitMs: await messageRepository.findNextDueMs(userId) };
}

async function openConnection(userId: UserId): Promise<Connection | null> {
  const connection = await userRepository.findConnection(userId).catch((error: unknown) => {
    logger.error({ userId, error: String(error) }, "an account's secrets cannot be opened");
    return null;
  });
  if (!connection)
    await campaignRepository.pauseAll(userId, "WhatsApp is not connected. Connect it in Settings.");
  return connection;
}

async function sendInTurn(lane: Lane): Promise<number> {
  const { userId, connection } = lane;
  const { phoneNumberId, messagesPerSecond } = connection;
  const deadline = performance.now() + SLICE_MS;
  const inFlight = new Set<Promise<void>>();
  const campaigns = await campaignRepository.listSending(userId);
  let posted = 0;
  let unanswered = 0;

  while (campaigns.length > 0 && performance.now() < deadline && !isDraining) {
    const campaign = campaigns.shift();
    if (!campaign) break;
    // Resumed in the meantime, it goes on in the next slice.
    if (isStopped(lane, campaign.id)) continue;
    const batchSize = Math.max(1, Math.round(rateOf(phoneNumberId, messagesPerSecond) * BATCH_SECONDS));
    const batch = await messageRepository.claim(userId, campaign.id, batchSize);
    if (batch.length === 0) {
      await messageRepository.skipIneligible(userId, campaign.id);
      continue;
    }
    campaigns.push(campaign);
    posted += batch.length;
    unanswered += batch.length;
    const sending = sendBatch(
      lane,
      campaign.id,
      templateSnapshotSchema.parse(campaign.templateSnapshot),
      batch,
    );
    const forget = () => {
      inFlight.delete(sending);
      unanswered -= batch.length;
    };
    inFlight.add(sending);
    void sending.then(forget, forget);
    const hasRoom = unanswered < Math.max(MIN_IN_FLIGHT, messagesPerSecond);
    await (hasRoom ? sleep(reservedMs(phoneNumberId) - CLAIM_AHEAD_MS) : Promise.race(inFlight));
  }
  await Promise.all(inFlight);
  return posted;
}

/** Never throws for what Meta answers: each message of the batch ends in exactly one state. */
async function sendBatch(
  lane: Lane,
  campaignId: string,
  template: TemplateSnapshot,
  batch: Claimed[],
): Promise<void> {
  const { phoneNumberId, messagesPerSecond } = lane.connection;
  const outcomes = await Promise.all(
    batch.map(async (message): Promise<Outcome> => {
      await sleep(reserve(phoneNumberId, messagesPerSecond));
      if (isStopped(lane, campaignId)) return { message, outcome: { kind: "held" } };
      const outcome = await sendMessage(lane.connection, phoneNumberId, bodyOf(template, message));
      if (outcome.kind === "refused") await reactTo(lane, campaignId, outcome.code);
      return { message, outcome };
    }),
  );
  await settle(lane.userId, outcomes);
}

/** Meta, "Send messages": the envelope; `biz_opaque_callback_data` comes back in every webhook of this message. */
function bodyOf(template: TemplateSnapshot, message: Claimed) {
  const components = toSendComponents(template.components, message.parameters);
  return {
    messaging_product: "whatsapp",
    recipient_type: "individual",
    to: message.phone,
    type: "template",
    biz_opaque_callback_data: message.id,
    template: {
      name: template.name,
      language: { code: template.language },
      ...(components.length > 0 && { components }),
    },
  };
}

/** What one refusal says about all messages after it takes effect at once, not when its batch has been answered. */
async function reactTo(lane: Lane, campaignId: string, code: number): Promise<void> {
  const { userId, connection, stopped } = lane;
  if (isRateLimit(code)) slowDown(connection.phoneNumberId, connection.messagesPerSecond);
  const { effect, words } = causeOf(code);
  if ((effect !== "campaign" && effect !== "account") || isStopped(lane, campaignId)) return;
  stopped.add(effect === "account" ? ACCOUNT : campaignId);
  if (effect === "account") await campaignRepository.pauseAll(userId, `${words} (${code})`);
  else await campaignRepository.pause(userId, campaignId, `${words} (${code})`);
}

const isStopped = ({ stopped }: Lane, campaignId: string) => stopped.has(campaignId) || stopped.has(ACCOUNT);

async function settle(userId: UserId, outcomes: Outcome[]): Promise<void> {
  const receipts: Receipt[] = [];
  const unsettled: Unsettled[] = [];
  const renamed: { id: string; waId: string }[] = [];
  for (const { message, outcome } of outcomes) {
    const { id } = message;
    switch (outcome.kind) {
      case "accepted":
        receipts.push(receiptOf(id, { state: "sent", whatsappMessageId: outcome.whatsappMessageId }));
        if (outcome.waId && `+${outcome.waId}` !== message.phone) renamed.push({ id, waId: outcome.waId });
        break;
      case "unknown":
        unsettled.push({ id, to: "unknown", errorMessage: OUTCOME_UNKNOWN });
        break;
      case "unreachable":
        unsettled.push({ id, to: "queued", retryAfterMs: backOffMs(message), isAttempt: false });
        break;
      case "held":
        unsettled.push({ id, to: "queued", retryAfterMs: 0, isAttempt: false });
        break;
      case "refused":
        await settleRefusal(userId, message, outcome.code, receipts, unsettled);
    }
  }
  await messageRepository.record(userId, receipts);
  await messageRepository.settle(userId, unsettled);
  await messageRepository.rememberWaIds(userId, renamed);
}

async function settleRefusal(
  userId: UserId,
  message: Claimed,
  code: number,
  receipts: Receipt[],
  unsettled: Unsettled[],
): Promise<void> {
  const { effect, words } = causeOf(code);
  const fail = () =>
    receipts.push(receiptOf(message.id, { state: "failed", errorCode: String(code), errorMessage: words }));
  const giveBack = (retryAfterMs: number, isAttempt: boolean) =>
    unsettled.push({ id: message.id, to: "queued", retryAfterMs, isAttempt });
  switch (effect) {
    case "person":
      fail();
      break;
    case "optOut":
      fail();
      await optOutRecipients(userId, [receiptOf(message.id, { state: "failed" })]);
      break;
    case "later":
      // Too fast is our doing, not the message's: it costs no try.
      if (isRateLimit(code)) giveBack(backOffMs(message), false);
      else if (message.retryCount + 1 >= MAX_ATTEMPTS) fail();
      else giveBack(backOffMs(message), true);
      break;
    case "campaign":
    case "account":
      giveBack(0, false);
  }
}

/** Nothing claimed stays without an end, and no lane with something to send stays asleep. */
export async function sweepMessages(): Promise<void> {
  const abandoned = await messageRepository.abandonStaleOfAllTenants();
  if (abandoned > 0) logger.warn({ abandoned }, "messages were claimed and their outcome was lost");
  for (const userId of await messageRepository.findIdleLanesOfAllTenants()) {
    await inngest.send(laneReady.create({ userId }));
  }
}

/** Meta says that these people want no more marketing (131050): that is an opt-out like any other. */
export async function optOutRecipients(userId: UserId, receipts: Receipt[]): Promise<void> {
  for (const contactId of await messageRepository.findContacts(userId, receipts)) {
    await contactRepository.setConsent(userId, contactId, { action: "opt_out", source: "error_131050" });
  }
}

/** 1, 4, 16, 64 … seconds, at least Meta's 6 s between two messages to one person, with jitter. */
function backOffMs({ retryCount }: Claimed): number {
  return Math.max(6000, 1000 * 4 ** retryCount) * (1 + Math.random() / 4);
}

const receiptOf = (messageId: string, report: Pick<Receipt, "state"> & Partial<Receipt>): Receipt => ({
  messageId,
  whatsappMessageId: null,
  at: null,
  errorCode: null,
  errorMessage: null,
  ...report,
});
