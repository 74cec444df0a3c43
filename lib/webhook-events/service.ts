import { createHash, timingSafeEqual } from "node:crypto";
import { contactRepository } from "@/lib/contacts/repository";
import { env } from "@/lib/env";
import { logger } from "@/lib/logger";
import { messageRepository } from "@/lib/messages/repository";
import { optOutRecipients } from "@/lib/messages/service";
import type { Receipt } from "@/lib/messages/status";
import { templateRepository } from "@/lib/templates/repository";
import type { UserId } from "@/lib/tenant";
import { userRepository } from "@/lib/users/repository";
import { clean } from "@/lib/webhook-events/clean";
import { isOptOut } from "@/lib/webhook-events/opt-out";
import {
  type Change,
  changesOf,
  claimedIds,
  eventTypeOf,
  inboundOf,
  payloadOf,
  receiptsOf,
  stopsOf,
  templateStatusOf,
} from "@/lib/webhook-events/payload";
import {
  type NewWebhookEvent,
  type PendingWebhookEvent,
  webhookEventRepository,
} from "@/lib/webhook-events/repository";
import { causeOf, isKnownCode } from "@/lib/whatsapp/errors";
import { isSignedWith } from "@/lib/whatsapp/signature";

/** Who may be spoken for: an account's own app speaks for that account, the installation's app for all. */
type Speaker = { userId: UserId; phoneNumberId: string | null; wabaId: string | null };

/**
 * Stores a webhook call and answers with its HTTP status: 200 once it is committed, 401 when it is not signed,
 * 400 when it is not JSON, 503 when it could not be stored, so that Meta sends it again. `accountKey` is the id of the
 * account in the callback path, if any.
 */
export async function ingestWebhook(
  body: Uint8Array,
  signature: string | null | undefined,
  accountKey?: string,
): Promise<200 | 400 | 401 | 503> {
  try {
    const speakers = await verify(body, signature, accountKey);
    if (!speakers) {
      logger.warn({ accountKey }, "a webhook without a valid signature was refused");
      return 401;
    }
    const payload = parse(body);
    if (payload === undefined) return 400;
    await webhookEventRepository.record(splitByTenant(payload, speakers));
    wakeProcessor();
    return 200;
  } catch (error) {
    logger.error({ error: String(error) }, "a webhook could not be stored");
    return 503;
  }
}

/** Meta's handshake: whether this is the verify token of the installation or of an account. */
export async function isVerifyToken(token: string): Promise<boolean> {
  const known = [...(await userRepository.findVerifyTokensOfAllTenants()), env.WHATSAPP_VERIFY_TOKEN ?? ""];
  return known.filter((each) => each !== "" && isSameText(each, token)).length > 0;
}

const digest = (text: string) => createHash("sha256").update(text).digest();
const isSameText = (one: string, other: string) => timingSafeEqual(digest(one), digest(other));

/** Null when no secret fits. */
async function verify(
  body: Uint8Array,
  signature: string | null | undefined,
  accountKey: string | undefined,
): Promise<Speaker[] | null> {
  if (!signature) return null;
  const names = { accountKey, ...claimedIds(Buffer.from(body).toString("latin1")) };
  const accounts = await userRepository.findWebhookSecretsOfAllTenants(names);
  if (env.WHATSAPP_APP_SECRET && isSignedWith(env.WHATSAPP_APP_SECRET, body, signature)) {
    return accounts;
  }
  const own = accounts.filter(
    ({ userId, appSecret }) =>
      appSecret !== null &&
      (!accountKey || userId === accountKey) &&
      isSignedWith(appSecret, body, signature),
  );
  return own.length > 0 ? own : null;
}

function parse(body: Uint8Array): unknown {
  try {
    return clean(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    return undefined;
  }
}

/** One row per account with what concerns it; what concerns nobody known is kept without an account. */
function splitByTenant(payload: unknown, speakers: Speaker[]): NewWebhookEvent[] {
  const changes = changesOf(payload);
  const owners = changes.map((change) => ownersOf(change, speakers));
  const concerned = new Set(owners.flat());
  const [only = null] = concerned;
  if (concerned.size <= 1 && owners.every((of) => of.length === concerned.size)) {
    return [
      { userId: only, eventType: eventTypeOf(changes), payload: isObject(payload) ? payload : { payload } },
    ];
  }
  const rowOf = (userId: UserId | null, of: Change[]) => ({
    userId,
    eventType: eventTypeOf(of),
    payload: payloadOf(of),
  });
  const orphans = changes.filter((_, index) => owners[index]?.length === 0);
  return [
    ...[...concerned].map((userId) =>
      rowOf(
        userId,
        changes.filter((_, index) => owners[index]?.includes(userId)),
      ),
    ),
    ...(orphans.length > 0 ? [rowOf(null, orphans)] : []),
  ];
}

function ownersOf(change: Change, speakers: Speaker[]): UserId[] {
  return speakers
    .filter(({ phoneNumberId, wabaId }) =>
      change.phoneNumberId ? phoneNumberId === change.phoneNumberId : wabaId === change.wabaId,
    )
    .map(({ userId }) => userId);
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const NOT_PROCESSED = "This event could not be processed.";

let isRunning = false;
let isWoken = false;
let current = Promise.resolve();

/** Processes what is stored, soon and one batch at a time. What is missed here is done by the sweep. */
export function wakeProcessor(): void {
  isWoken = true;
  if (!isRunning) current = runProcessor();
}

/** When nothing is being processed any more. For an orderly shutdown. */
export async function finishProcessing(): Promise<void> {
  await current;
}

async function runProcessor(): Promise<void> {
  isRunning = true;
  try {
    while (isWoken) {
      isWoken = false;
      await processWebhookEvents();
    }
  } catch (error) {
    logger.error({ error: String(error) }, "webhooks were not processed; the sweep will");
  } finally {
    isRunning = false;
  }
}

/** Applies everything stored so far. Safe to run twice and by several processes at once: every step is repeatable. */
export async function processWebhookEvents(): Promise<void> {
  for (;;) {
    const events = await webhookEventRepository.findUnprocessed();
    if (events.length === 0) return;
    await processBatch(events);
  }
}

/** Once more for events that failed or came before their message. */
export async function processParkedEvents(): Promise<void> {
  await processBatch(await webhookEventRepository.findParked());
}

async function processBatch(events: PendingWebhookEvent[]): Promise<void> {
  const waiting = await applyReceipts(events);
  for (const event of events) {
    try {
      if (event.userId) await applyRest(event.userId, changesOf(event.payload));
    } catch (error) {
      logger.error({ eventId: event.id, error: String(error) }, "a webhook event failed");
      waiting.set(event.id, NOT_PROCESSED);
    }
  }
  const done = events.filter(({ id }) => !waiting.has(id)).map(({ id }) => id);
  if (done.length > 0) await webhookEventRepository.markProcessed(done);
  for (const reason of new Set(waiting.values())) {
    await webhookEventRepository.park(
      [...waiting].filter(([, why]) => why === reason).map(([id]) => id),
      reason,
    );
  }
}

/**
 * All statuses of a batch in one statement per account; where one of them cannot be applied, event by event, so that it
 * holds up no other. Returns the events that are not done, with the reason.
 */
async function applyReceipts(events: PendingWebhookEvent[]): Promise<Map<string, string>> {
  const waiting = new Map<string, string>();
  for (const userId of new Set(events.flatMap(({ userId }) => userId ?? []))) {
    const own = events.filter((event) => event.userId === userId);
    await applyReceiptsOf(userId, own, waiting).catch(async (error: unknown) => {
      logger.error({ userId, error: String(error) }, "a batch of receipts failed and is applied one by one");
      for (const event of own) {
        await applyReceiptsOf(userId, [event], waiting).catch(() => waiting.set(event.id, NOT_PROCESSED));
      }
    });
  }
  return waiting;
}

async function applyReceiptsOf(
  userId: UserId,
  events: PendingWebhookEvent[],
  waiting: Map<string, string>,
): Promise<void> {
  const reports = events.flatMap(({ id, payload }) =>
    changesOf(payload)
      .flatMap(receiptsOf)
      .map((receipt) => ({ id, receipt: inPlainWords(receipt) })),
  );
  const receipts = reports.map(({ receipt }) => receipt);
  const found = await messageRepository.record(userId, receipts);
  reports.forEach(({ id }, position) => {
    if (!found.has(position)) waiting.set(id, "There is no message with this id yet.");
  });
  const optedOut = receipts.filter(({ errorCode }) => errorCode === "131050");
  if (optedOut.length > 0) await optOutRecipients(userId, optedOut);
}

/** Our own words for a failure where we have any; Meta's otherwise. */
function inPlainWords(receipt: Receipt): Receipt {
  const code = Number(receipt.errorCode ?? Number.NaN);
  return isKnownCode(code) ? { ...receipt, errorMessage: causeOf(code).words } : receipt;
}

async function applyRest(userId: UserId, changes: Change[]): Promise<void> {
  for (const change of changes) {
    for (const inbound of inboundOf(change, new Date())) await receive(userId, inbound);
    for (const { waId, waUserId } of stopsOf(change)) {
      const { id } = await contactRepository.recordInbound(userId, { waId, waUserId, at: null });
      await contactRepository.setConsent(userId, id, { action: "opt_out", source: "whatsapp_settings" });
    }
    const template = templateStatusOf(change);
    if (template) await templateRepository.applyStatus(userId, template);
  }
}

/** The message is stored last: a crash in between repeats the opt-out instead of losing it. */
async function receive(userId: UserId, inbound: ReturnType<typeof inboundOf>[number]): Promise<void> {
  if (await messageRepository.isStored(userId, inbound.whatsappMessageId)) return;
  const { id: contactId } = await contactRepository.recordInbound(userId, inbound);
  if (inbound.text !== null && isOptOut(inbound.text)) {
    await contactRepository.setConsent(userId, contactId, {
      action: "opt_out",
      source: "keyword",
      wording: inbound.text,
    });
  }
  await messageRepository.createInbound(userId, { ...inbound, contactId });
}
