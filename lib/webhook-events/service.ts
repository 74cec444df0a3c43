import { isAscii } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import { finishConfirmations } from "@/lib/confirmations/service";
import { isBadData } from "@/lib/db/errors";
import { env } from "@/lib/env";
import { applyChange } from "@/lib/inbound/service";
import { logger } from "@/lib/logger";
import { messageRepository } from "@/lib/messages/repository";
import { concernsMore, reactToReports } from "@/lib/messages/service";
import type { Receipt } from "@/lib/messages/status";
import type { UserId } from "@/lib/tenant";
import { userRepository } from "@/lib/users/repository";
import { doAll } from "@/lib/webhook-events/attempts";
import { parseClean } from "@/lib/webhook-events/clean";
import { createDeferred } from "@/lib/webhook-events/deferred";
import { createGroups, type Fate } from "@/lib/webhook-events/groups";
import {
  type Change,
  changesOf,
  claimedIds,
  eventTypeOf,
  isReport,
  payloadOf,
  receiptsOf,
  sendersOf,
} from "@/lib/webhook-events/payload";
import { createRecent } from "@/lib/webhook-events/recent";
import { countRefusedWebhook } from "@/lib/webhook-events/refusals";
import {
  appliedOf,
  type NewWebhookEvent,
  type Outcome,
  type PendingWebhookEvent,
  type TakenEvent,
  webhookEventRepository,
} from "@/lib/webhook-events/repository";
import { inTurns } from "@/lib/webhook-events/turns";
import { causeOf, isKnownCode } from "@/lib/whatsapp/errors";
import { isSignedWith } from "@/lib/whatsapp/signature";

/** Who may be spoken for: an account's own app speaks for that account, the installation's app for all. */
type Speaker = { userId: UserId; phoneNumberId: string | null; wabaId: string | null };

/**
 * Stores a webhook call and answers with its HTTP status: 200 once it is committed, 401 when it is not signed,
 * 400 when it is not JSON or nothing that the database takes, 503 when it could not be stored, so that Meta sends it again. `accountKey` is the id of the
 * account in the callback path, if any.
 */
export async function ingestWebhook(
  body: Uint8Array,
  signature: string | null | undefined,
  accountKey?: string,
): Promise<200 | 400 | 401 | 503> {
  try {
    const text = textOf(body);
    const speakers = await verify({ body, text, signature: signature ?? "", accountKey });
    if (!speakers) {
      countRefusedWebhook();
      logger.warn({ accountKey }, "a webhook without a valid signature was refused");
      return 401;
    }
    const events = read(text, speakers);
    if (!events) return 400;
    return ANSWERS[await groups.add(events, body.byteLength)];
  } catch (error) {
    logger.error({ error: String(error) }, "a webhook could not be stored");
    return 503;
  }
}

const ANSWERS = { stored: 200, refused: 400, failed: 503 } as const satisfies Record<Fate, number>;

/** One connection would do; the second prepares its statements while the first waits for the disk. */
const groups = createGroups<NewWebhookEvent[]>(store, isBadData, {
  items: 400,
  bytes: 4 * 1024 * 1024,
  inFlight: 2,
  many: 100,
  waiting: 5000,
  waitingBytes: 64 * 1024 * 1024,
});

async function store(calls: NewWebhookEvent[][]): Promise<void> {
  try {
    const { taken, hasMore } = await webhookEventRepository.record(calls.flat());
    deferred.add(taken);
    if (taken.length > 0 || hasMore) wakeProcessor(hasMore);
  } catch (error) {
    logger.error({ calls: calls.length, error: String(error) }, "webhooks could not be stored");
    throw error;
  }
}

/**
 * Meta's handshake: whether this is the verify token of the installation or of an account, of the one that the callback
 * path names where it names one. Anybody may ask.
 */
export async function isVerifyToken(token: string, accountKey?: string): Promise<boolean> {
  if (token === "") return false;
  if (env.WHATSAPP_VERIFY_TOKEN && isSameText(env.WHATSAPP_VERIFY_TOKEN, token)) return true;
  const known =
    accountKey === undefined
      ? await findEveryVerifyToken()
      : await userRepository.findVerifyTokensOfAllTenants(accountKey);
  return known.filter((each) => isSameText(each, token)).length > 0;
}

const findEveryVerifyToken = inTurns(() => userRepository.findVerifyTokensOfAllTenants());

const digest = (text: string) => createHash("sha256").update(text).digest();
const isSameText = (one: string, other: string) => timingSafeEqual(digest(one), digest(other));

/** Secrets whose signature matched just now. One that was removed since is taken for at most five seconds more. */
const trusted = createRecent<Account[]>();

/** What is remembered of a call that names very many accounts would cost more than asking again. */
const MAX_KEY = 2000;

type Account = Awaited<ReturnType<typeof userRepository.findWebhookSecretsOfAllTenants>>[number];
type Signed = { body: Uint8Array; text: string; signature: string; accountKey: string | undefined };

/** Null when no secret fits. */
async function verify(call: Signed): Promise<Speaker[] | null> {
  if (call.signature === "") return null;
  const { accountKey } = call;
  const ids = claimedIds(call.text);
  const key = `${accountKey ?? ""} ${ids.phoneNumberIds} ${ids.wabaIds}`;
  const recent = trusted.get(key);
  const known = recent && speakersOf(call, recent);
  if (known) return known;

  const accounts = await userRepository.findWebhookSecretsOfAllTenants({ accountKey, ...ids });
  const speakers = speakersOf(call, accounts);
  const isComplete = ids.phoneNumberIds.every((id) =>
    accounts.some(({ phoneNumberId }) => phoneNumberId === id),
  );
  if (speakers && isComplete && key.length <= MAX_KEY) trusted.set(key, accounts);
  return speakers;
}

/** An account's own app speaks for that account, the installation's app for all. */
function speakersOf({ body, signature, accountKey }: Signed, accounts: Account[]): Speaker[] | null {
  if (env.WHATSAPP_APP_SECRET && isSignedWith(env.WHATSAPP_APP_SECRET, body, signature)) return accounts;
  const own = accounts.filter(
    ({ userId, appSecret }) =>
      appSecret !== null &&
      (!accountKey || userId === accountKey) &&
      isSignedWith(appSecret, body, signature),
  );
  return own.length > 0 ? own : null;
}

const decoder = new TextDecoder();

/** Meta writes ASCII, which is decoded at a fraction of the price. */
function textOf(body: Uint8Array): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return isAscii(bytes) ? bytes.toString("latin1") : decoder.decode(bytes);
}

/** One event per account it concerns; what concerns nobody known has none. Undefined when it is not JSON. */
function read(text: string, speakers: Speaker[]): NewWebhookEvent[] | undefined {
  try {
    return splitByTenant(parseClean(text), speakers);
  } catch {
    return undefined;
  }
}

function splitByTenant(
  { value, json }: ReturnType<typeof parseClean>,
  speakers: Speaker[],
): NewWebhookEvent[] {
  const changes = changesOf(value);
  const owners = changes.map((change) => ownersOf(change, speakers));
  const concerned = [...new Set(owners.flat())];
  const [only = null] = concerned;
  if (concerned.length <= 1 && owners.every((of) => of.length === concerned.length)) {
    return [eventOf(only, changes, isObject(value) ? json : JSON.stringify({ payload: value }))];
  }
  const partOf = (userId: UserId | null, of: Change[]) => eventOf(userId, of, JSON.stringify(payloadOf(of)));
  const orphans = changes.filter((_, index) => owners[index]?.length === 0);
  return [
    ...concerned.map((userId) =>
      partOf(
        userId,
        changes.filter((_, index) => owners[index]?.includes(userId)),
      ),
    ),
    ...(orphans.length > 0 ? [partOf(null, orphans)] : []),
  ];
}

const eventOf = (userId: UserId | null, changes: Change[], payload: string): NewWebhookEvent => ({
  userId,
  eventType: eventTypeOf(changes),
  payload,
  receipts: userId === null ? [] : deferred.hasRoom() ? reportIn(changes) : null,
});

/** The receipts of an event in which there is nothing else to do; null when there is. */
function reportIn(changes: Change[]): Receipt[] | null {
  if (!changes.every(isReport)) return null;
  const receipts = changes.flatMap(receiptsOf).map(inPlainWords);
  return receipts.some(concernsMore) ? null : receipts;
}

function ownersOf(change: Change, speakers: Speaker[]): UserId[] {
  return speakers
    .filter(({ phoneNumberId, wabaId }) =>
      change.phoneNumberId ? phoneNumberId === change.phoneNumberId : wabaId === change.wabaId,
    )
    .map(({ userId }) => userId);
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** After so many statuses at once, those that are left wait this long for calls that wait to be acknowledged. */
const MANY = 5000;
const YIELD_MS = 200;

/** Stored and not yet applied, so that it need not be read back. What is in here when the process dies is taken again. */
const deferred = createDeferred<TakenEvent>({ batch: MANY, max: 30_000 });

/** Events that are applied at the same time; each has a connection of the pool now and then. */
const SIDE_BY_SIDE = 4;

const NOT_PROCESSED = { errorMessage: "This event could not be processed.", messageId: null };

let isWoken = false;
let running: Promise<void> | null = null;

/** Processes what is stored, soon and one batch at a time. What is missed here is done by the sweep. */
export function wakeProcessor(hasMore = true): void {
  isWoken ||= hasMore;
  running ??= runProcessor().finally(() => {
    running = null;
    if (isWoken || deferred.size() > 0) wakeProcessor(false);
  });
}

async function runProcessor(): Promise<void> {
  try {
    while (isWoken || deferred.size() > 0) {
      await applyDeferred();
      if (!isWoken) continue;
      isWoken = false;
      await processWebhookEvents();
    }
  } catch (error) {
    logger.error({ error: String(error) }, "webhooks were not processed; the sweep will");
  }
}

async function applyDeferred(): Promise<void> {
  for (let events = deferred.take(); events.length > 0; events = deferred.take()) {
    await applyReports(events);
    await groups.whenIdle(YIELD_MS);
  }
}

/** When every call has its answer and nothing is being processed any more. For an orderly shutdown. */
export async function finishProcessing(): Promise<void> {
  await groups.whenIdle();
  await running;
  await finishConfirmations();
}

/** Applies what is stored and nobody else is applying. Every step may be repeated. */
export async function processWebhookEvents(): Promise<void> {
  for (;;) {
    const events = await webhookEventRepository.takeUnprocessed();
    if (events.length === 0) return;
    const applied = await processBatch(events);
    if (applied >= MANY) await groups.whenIdle(YIELD_MS);
  }
}

/** Once more for events that failed or came before their message. */
export async function processParkedEvents(): Promise<void> {
  for (const why of ["failed", "waiting"] as const)
    await processBatch(await webhookEventRepository.takeParked(why));
}

type ReadEvent = { id: string; userId: UserId; changes: Change[]; receipts: Receipt[] };

/** Reports in one statement for all accounts, whatever else there is event by event. Returns the number of statuses. */
async function processBatch(events: PendingWebhookEvent[]): Promise<number> {
  const orphans = events.filter(({ userId }) => userId === null);
  await webhookEventRepository.settle(orphans.map(({ id }) => ({ id, errorMessage: null, messageId: null })));
  const own = events.flatMap(({ id, userId, payload }) => (userId ? readEvent(id, userId, payload) : []));
  const reports = own.filter(({ changes }) => reportIn(changes) !== null);
  await applyReports(reports);
  const others = own.filter(({ changes }) => reportIn(changes) === null);
  await webhookEventRepository.settle(await applyEvents(others));
  return reports.reduce((sum, { receipts }) => sum + receipts.length, 0);
}

/** Each waits for the disk several times: events of different people go side by side, those of one in their order. */
async function applyEvents(events: ReadEvent[]): Promise<Outcome[]> {
  const bySender = new Map<string, ReadEvent[]>();
  for (const event of events) {
    const key = [event.userId, ...new Set(event.changes.flatMap(sendersOf))].join(" ");
    const earlier = bySender.get(key);
    if (earlier) earlier.push(event);
    else bySender.set(key, [event]);
  }
  const outcomes: Outcome[] = [];
  const queue = bySender.values();
  const work = async () => {
    for (const ofSender of queue)
      for (const event of ofSender) outcomes.push({ id: event.id, ...(await applyEvent(event)) });
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return outcomes;
}

function readEvent(id: string, userId: UserId, payload: unknown): ReadEvent {
  const changes = changesOf(payload);
  return { id, userId, changes, receipts: changes.flatMap(receiptsOf).map(inPlainWords) };
}

/** Where one of them cannot be applied, one by one, so that it holds up no other. */
async function applyReports(events: TakenEvent[]): Promise<void> {
  if (events.length === 0) return;
  try {
    await webhookEventRepository.apply(events);
  } catch (error) {
    logger.error({ events: events.length, error: String(error) }, "receipts failed");
    if (events.length === 1)
      await webhookEventRepository.settle(events.map(({ id }) => ({ id, ...NOT_PROCESSED })));
    else for (const event of events) await applyReports([event]);
  }
}

/** A STOP in it is heeded whatever is wrong with the rest. */
async function applyEvent({ id, userId, changes, receipts }: ReadEvent): Promise<Omit<Outcome, "id">> {
  let found = new Map<number, string>();
  try {
    await doAll([
      async () => {
        found = await messageRepository.record(userId, receipts);
      },
      () => reactToReports(userId, receipts),
      ...changes.map((change) => () => applyChange(userId, change)),
    ]);
    return appliedOf(receipts.map((_, position) => found.get(position) ?? null));
  } catch (error) {
    logger.error({ eventId: id, error: String(error) }, "a webhook event failed");
    return NOT_PROCESSED;
  }
}

/** Our own words for a failure where we have any; Meta's otherwise. */
function inPlainWords(receipt: Receipt): Receipt {
  if (receipt.errorCode === null) return receipt;
  const code = Number(receipt.errorCode);
  return isKnownCode(code) ? { ...receipt, errorMessage: causeOf(code).words } : receipt;
}
