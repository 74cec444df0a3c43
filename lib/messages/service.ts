import { setTimeout as sleep } from "node:timers/promises";
import { inngest } from "@/inngest/client";
import { laneReady } from "@/inngest/events";
import { accountAlert, campaignAlert, unknownCodeAlert } from "@/lib/alerts/keys";
import { alertRepository } from "@/lib/alerts/repository";
import { campaignRepository } from "@/lib/campaigns/repository";
import { consentRepository } from "@/lib/consent/repository";
import { logger } from "@/lib/logger";
import { messageRepository } from "@/lib/messages/repository";
import {
  backOffMs,
  type Claimed,
  failed,
  givenBack,
  held,
  lost,
  type Settlement,
  sent,
} from "@/lib/messages/settlement";
import type { Receipt } from "@/lib/messages/status";
import { syncTemplates } from "@/lib/templates/service";
import type { UserId } from "@/lib/tenant";
import type { SendOutcome } from "@/lib/whatsapp/client";
import { causeOf, isKnownCode, reasonOf } from "@/lib/whatsapp/errors";

const MAX_TRIES = 6;
/** People of canceled campaigns that are taken out of the queue by one statement, and for how long in one sweep. */
const SKIPPED_AT_ONCE = 10_000;
const SKIP_MS = 10_000;

/** What came of posting a claimed message. `held`: it was not posted after all. */
export type Answer = { message: Claimed; outcome: SendOutcome | { kind: "held" } };

/** What is tried again when the database does not take it: after a restart of PostgreSQL Meta's answers are still known. */
const SETTLE_TRIES_MS = [100, 300, 1000, 2000, 4000, 8000];

/** Writes down what WhatsApp answered. */
export async function settle(userId: UserId, answers: Answer[]): Promise<void> {
  const settlements = answers.map(settlementOf);
  for (const waitMs of SETTLE_TRIES_MS) {
    try {
      return await write(userId, answers, settlements);
    } catch (error) {
      logger.warn({ userId, error: String(error) }, "answers of WhatsApp could not be written down yet");
      await sleep(waitMs);
    }
  }
  await write(userId, answers, settlements);
}

async function write(userId: UserId, answers: Answer[], settlements: Settlement[]): Promise<void> {
  const written = await messageRepository.settle(userId, settlements);
  const receipts = settlements.filter(({ id }) => !written.has(id)).flatMap(receiptOf);
  if (receipts.length > 0) await messageRepository.record(userId, receipts);
  const renamed = answers.flatMap(({ message: { id, phone }, outcome }) =>
    outcome.kind === "accepted" && outcome.waId && `+${outcome.waId}` !== phone
      ? [{ id, phone, waId: outcome.waId }]
      : [],
  );
  await messageRepository.rememberWaIds(userId, renamed);
  const stopped = settlements.filter(
    ({ errorCode }) => errorCode !== null && causeOf(Number(errorCode)).scope === "stopped",
  );
  if (stopped.length > 0) await optOutRecipients(userId, stopped.flatMap(receiptOf));
}

function settlementOf({ message, outcome }: Answer): Settlement {
  switch (outcome.kind) {
    case "accepted":
      return (outcome.isHeld ? held : sent)(message, outcome.whatsappMessageId);
    case "unknown":
      return lost(message);
    case "held":
      return givenBack(message);
    case "unreachable":
      return givenBack(message, { delayMs: backOffMs(message.retryCount) });
    case "refused":
      return refusalOf(message, outcome.code, outcome.retryAfterMs);
  }
}

function refusalOf(message: Claimed, code: number, retryAfterMs: number): Settlement {
  const { scope, words } = causeOf(code);
  const delayMs = Math.max(backOffMs(message.retryCount), retryAfterMs);
  switch (scope) {
    case "account":
    case "template":
      return givenBack(message);
    case "rate":
      // Too fast is our doing, not the message's: it costs no try.
      return givenBack(message, { delayMs });
    case "pair":
    case "platform":
      if (message.retryCount + 1 < MAX_TRIES) return givenBack(message, { delayMs, isTry: true });
  }
  return failed(message, code, words);
}

/** The same, for a message that a webhook has already moved on. */
function receiptOf({ id, attempt, status, ...rest }: Settlement): Receipt[] {
  if (status !== "sent" && status !== "failed") return [];
  const { whatsappMessageId, errorCode, errorMessage } = rest;
  const report = { messageId: id, attempt, state: status, at: null, category: null, pricingType: null };
  return [{ ...report, whatsappMessageId, errorCode, errorMessage }];
}

/** Stops everything of an account for a refusal that concerns all of it; not what was resumed after `at`. */
export async function pauseAccount(userId: UserId, code: number, at?: Date): Promise<void> {
  const reason = reasonOf(code);
  if ((await campaignRepository.pauseAll(userId, reason, at)) > 0)
    await alertRepository.open(userId, accountAlert(code), `All campaigns are paused. ${reason}`);
}

/** Stops a campaign whose messages would all be refused alike; not when it was resumed after `at`. */
export async function pauseCampaign(
  userId: UserId,
  campaignId: string,
  code: number,
  at?: Date,
): Promise<void> {
  const reason = reasonOf(code);
  if (!(await campaignRepository.pause(userId, campaignId, reason, at))) return;
  await alertRepository.open(userId, campaignAlert(campaignId), `A campaign paused itself. ${reason}`);
  if (causeOf(code).scope !== "template") return;
  await syncTemplates(userId).catch((error: unknown) =>
    logger.warn({ userId, error: String(error) }, "templates were not read again after a refusal"),
  );
}

/** The owner and whoever runs this should know that WhatsApp has a new code. */
export const openUnknownCode = (userId: UserId, code: number) =>
  alertRepository.open(userId, unknownCodeAlert(code), `${causeOf(code).words} Its code is ${code}.`);

/** Nothing claimed stays without an end, and no lane with something to send stays asleep. */
export async function sweepMessages(): Promise<void> {
  const abandoned = await messageRepository.abandonStaleOfAllTenants();
  if (abandoned > 0) logger.warn({ abandoned }, "messages were claimed and their outcome was lost");
  for (const userId of await messageRepository.findIdleLanesOfAllTenants()) {
    await inngest.send(laneReady.create({ userId }));
  }
  await skipCanceled();
}

/** What was given back to the queue while its campaign was being canceled, and whom a large one had still waiting. */
async function skipCanceled(): Promise<void> {
  const until = performance.now() + SKIP_MS;
  let skipped: number;
  do skipped = await messageRepository.skipCanceledOfAllTenants(SKIPPED_AT_ONCE);
  while (skipped === SKIPPED_AT_ONCE && performance.now() < until);
}

/** Whether a report says something about more than its own message. */
export const concernsMore = ({ errorCode }: Receipt): boolean => {
  if (errorCode === null) return false;
  const code = Number(errorCode);
  return !isKnownCode(code) || ["stopped", "account", "template"].includes(causeOf(code).scope);
};

/** What failures that were reported later say about the person, the campaign or the account. May be repeated. */
export async function reactToReports(userId: UserId, receipts: Receipt[]): Promise<void> {
  for (const receipt of receipts.filter(concernsMore)) {
    const code = Number(receipt.errorCode);
    const at = receipt.at ? endOfSecond(receipt.at) : undefined;
    const { scope } = causeOf(code);
    if (scope === "stopped") await optOutRecipients(userId, [receipt]);
    else if (scope === "account") await pauseAccount(userId, code, at);
    else if (scope === "template") {
      for (const { campaignId } of await messageRepository.findTargets(userId, [receipt]))
        if (campaignId) await pauseCampaign(userId, campaignId, code, at);
    } else await openUnknownCode(userId, code);
  }
}

/** Meta's instants are whole seconds. */
const endOfSecond = (at: Date) => new Date(at.getTime() + 1000);

/** Meta says that these people want no more marketing (131050): that is an opt-out like any other. */
async function optOutRecipients(userId: UserId, receipts: Receipt[]): Promise<void> {
  for (const receipt of receipts) {
    for (const { contactId } of await messageRepository.findTargets(userId, [receipt])) {
      const change = { action: "opt_out", source: "error_131050", at: receipt.at } as const;
      await consentRepository.set(userId, contactId, change);
    }
  }
}
