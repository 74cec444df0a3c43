import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ACCOUNT_ALERTS, CONNECTION_ALERT } from "@/lib/alerts/keys";
import { alertRepository } from "@/lib/alerts/repository";
import { campaignRepository } from "@/lib/campaigns/repository";
import { templateSnapshotSchema } from "@/lib/campaigns/schema";
import { judgeCampaigns } from "@/lib/campaigns/service";
import { UnreadableSecretError } from "@/lib/errors";
import { type Breaker, createBreaker } from "@/lib/lanes/breaker";
import { createPace, type Pace } from "@/lib/lanes/pace";
import { type Lane, laneRepository } from "@/lib/lanes/repository";
import { createWindow, type Window } from "@/lib/lanes/window";
import { logger } from "@/lib/logger";
import { createBatcher } from "@/lib/messages/batcher";
import { createBodyWriter } from "@/lib/messages/body";
import { messageRepository, type QueuePosition } from "@/lib/messages/repository";
import { type Answer, openUnknownCode, pauseAccount, pauseCampaign, settle } from "@/lib/messages/service";
import type { Claimed } from "@/lib/messages/settlement";
import type { UserId } from "@/lib/tenant";
import { type Connection, userRepository } from "@/lib/users/repository";
import { readNumber } from "@/lib/whatsapp/account";
import { type SendOutcome, sendMessage } from "@/lib/whatsapp/client";
import { causeOf, isKnownCode } from "@/lib/whatsapp/errors";

/** A step of the job engine: short enough for a serverless host, long enough to cost nothing per message. */
const SLICE_MS = 10_000;
/**
 * What is posted and not answered yet, each on a connection of its own: this many, or one second of the account's rate if
 * that is more, within limits. Room for slow answers, and with the claimed the bound of what a crash leaves unknown.
 */
const MIN_IN_FLIGHT = 200;
const MAX_IN_FLIGHT = 512;
/** What is claimed at once, in seconds of the present rate, and at most. */
const BATCH_SECONDS = 0.1;
const MAX_BATCH = 500;
/** The next batch is claimed when the last one will last this long (in seconds of the present rate). */
const CLAIM_AHEAD_SECONDS = 0.05;
/** Answers are written down this many at once, or after this time. */
const SETTLE = { size: 500, delayMs: 20 };
const RENEW_MS = 3000;
const JUDGE_MS = 1000;
/** What waited longer between claim and post is given back: the sweep may call it lost after two minutes. */
const STALE_CLAIM_MS = 30_000;
/** Refusals of this kind in a row mean that every message of the campaign is written wrongly. */
const SAME_REFUSALS = 10;
/** People leave the messaging limit one by one; the lane looks again this often at most (ms). */
const LIMIT_WAIT_MS = 60_000;
/** Not every slice waits for a messaging limit that WhatsApp does not tell. */
const ASK_AGAIN_MS = 60_000;

type Campaign = {
  id: string;
  messageType: string;
  bodyOf: (message: Claimed) => string;
  position: QueuePosition | null;
};
type Ready = { campaign: Campaign; message: Claimed; claimedAt: number };
type Slice = {
  userId: UserId;
  owner: string;
  connection: Connection;
  pace: Pace;
  window: Window;
  breaker: Breaker;
  /** People whom the messaging limit still allows; null: no limit. */
  budget: number | null;
  /** Campaigns that stopped in this slice; `EVERYTHING` when all of them did. */
  stopped: Set<string>;
  /** Per campaign, how often in a row WhatsApp refused for the same fault of the message; a slow lane needs many slices. */
  sameRefusals: Map<string, { code: number; count: number }>;
  answers: { add: (answer: Answer) => void; flush: () => Promise<void> };
  hasAccepted: boolean;
};

const EVERYTHING = "everything";

/** What outlives a slice; another process finds out by itself. */
const breakers = new Map<UserId, Breaker>();
const windows = new Map<UserId, Window>();
const refusals = new Map<UserId, Slice["sameRefusals"]>();
/** When WhatsApp was last asked for a messaging limit in vain. */
const unanswered = new Map<UserId, number>();

let isDraining = false;

/** From now on no slice claims anything more; what is in flight is still settled. For an orderly shutdown. */
export function drain(): void {
  isDraining = true;
}

/**
 * Sends for all campaigns of an account in turn, for at most ten seconds, if nobody else does. Returns how long to wait
 * before the next slice is worth running (0: at once; null: nothing is queued).
 */
export async function sendSlice(userId: UserId): Promise<{ posted: number; waitMs: number | null }> {
  const connection = await openConnection(userId);
  if (!connection) return { posted: 0, waitMs: null };
  const owner = randomUUID();
  const lane = await laneRepository.acquire(userId, owner);
  if ("busyMs" in lane) {
    const dueMs = await messageRepository.findNextDueMs(userId);
    return { posted: 0, waitMs: dueMs === null ? null : Math.max(dueMs, lane.busyMs) };
  }
  try {
    return await sendFor(userId, owner, connection, lane);
  } finally {
    await laneRepository.release(userId, owner);
  }
}

async function openConnection(userId: UserId): Promise<Connection | null> {
  const connection = await userRepository.findConnection(userId).catch((error: unknown) => {
    if (!(error instanceof UnreadableSecretError)) throw error;
    logger.error({ userId, error: String(error) }, "an account's secrets cannot be opened");
    return null;
  });
  const reason = "WhatsApp is not connected. Connect it in Settings.";
  if (!connection && (await campaignRepository.pauseAll(userId, reason)) > 0)
    await alertRepository.open(userId, CONNECTION_ALERT, `All campaigns are paused. ${reason}`);
  return connection;
}

async function sendFor(userId: UserId, owner: string, connection: Connection, lane: Lane) {
  const breaker = keptIn(breakers, userId, createBreaker);
  if (breaker.waitMs() > 0) return { posted: 0, waitMs: breaker.waitMs() };
  const messagingLimit = lane.isStale
    ? await refreshLimit(userId, connection, lane.messagingLimit)
    : lane.messagingLimit;
  const slice: Slice = {
    userId,
    owner,
    connection,
    breaker,
    pace: createPace(connection.messagesPerSecond, lane.throttled),
    window: keptIn(windows, userId, createWindow),
    budget: await budgetOf(userId, messagingLimit),
    stopped: new Set(),
    sameRefusals: keptIn(refusals, userId, () => new Map()),
    answers: createBatcher<Answer>(SETTLE, (answers) => settle(userId, answers)),
    hasAccepted: false,
  };
  const posted = await sendInTurn(slice);
  // So that the wait after a first part begins as soon as it has been sent.
  await judgeCampaigns(userId);
  await campaignRepository.finishAll(userId);
  const dueMs = await messageRepository.findNextDueMs(userId);
  if (dueMs === null) return { posted, waitMs: null };
  return { posted, waitMs: Math.max(dueMs, breaker.waitMs(), await limitMs(slice, messagingLimit)) };
}

function keptIn<Value>(kept: Map<UserId, Value>, userId: UserId, create: () => Value): Value {
  const value = kept.get(userId) ?? create();
  kept.set(userId, value);
  return value;
}

async function budgetOf(userId: UserId, messagingLimit: number | null): Promise<number | null> {
  if (messagingLimit === null) return null;
  const { people } = await messageRepository.countInitiated(userId);
  return Math.max(0, messagingLimit - people);
}

/** For how many ms the messaging limit lets nobody else be messaged. */
async function limitMs({ userId, budget }: Slice, messagingLimit: number | null): Promise<number> {
  if (messagingLimit === null || budget !== 0) return 0;
  const { people, nextMs } = await messageRepository.countInitiated(userId);
  return people < messagingLimit ? 0 : Math.max(LIMIT_WAIT_MS, nextMs);
}

/** The messaging limit as Meta tells it; the known one when Meta does not answer. */
async function refreshLimit(
  userId: UserId,
  connection: Connection,
  known: number | null,
): Promise<number | null> {
  const askedAt = unanswered.get(userId);
  if (askedAt !== undefined && performance.now() - askedAt < ASK_AGAIN_MS) return known;
  const number = await readNumber(connection, connection.phoneNumberId);
  if (!number) {
    unanswered.set(userId, performance.now());
    return known;
  }
  unanswered.delete(userId);
  await laneRepository.remember(userId, number);
  if (number.messagingLimit === null) return known;
  return number.messagingLimit === "unlimited" ? null : number.messagingLimit;
}

/** Returns how many were posted. */
async function sendInTurn(slice: Slice): Promise<number> {
  const { userId, owner, connection, pace, stopped } = slice;
  const maxInFlight = Math.min(MAX_IN_FLIGHT, Math.max(MIN_IN_FLIGHT, connection.messagesPerSecond));
  const deadline = performance.now() + SLICE_MS;
  const campaigns = (await campaignRepository.listSending(userId)).map(
    ({ id, messageType, templateSnapshot }): Campaign => ({
      id,
      messageType,
      bodyOf: createBodyWriter({ messageType, template: templateSnapshotSchema.parse(templateSnapshot) }),
      position: null,
    }),
  );
  const ready: Ready[] = [];
  let inFlight = 0;
  let announce = () => {};
  // Racing all posts instead would add a reaction to each of them, each time.
  const oneAnswered = () => new Promise<void>((resolve) => (announce = resolve));
  let claiming: Promise<void> | null = null;
  let posted = 0;
  let failure: unknown = null;

  const mayClaim = () =>
    campaigns.length > 0 &&
    performance.now() < deadline &&
    !isDraining &&
    !stopped.has(EVERYTHING) &&
    slice.breaker.waitMs() === 0;
  const batchSize = () =>
    slice.breaker.isProbing() ? 1 : Math.min(MAX_BATCH, Math.max(1, Math.round(pace.rate() * BATCH_SECONDS)));
  const lowWater = () =>
    slice.breaker.isProbing() ? 0 : Math.min(MAX_BATCH, pace.rate() * CLAIM_AHEAD_SECONDS);

  async function claimNext(): Promise<void> {
    const campaign = campaigns.shift();
    // Resumed in the meantime, a stopped one goes on in the next slice.
    if (!campaign || stopped.has(campaign.id)) return;
    const batch = await claimFrom(slice, campaign, batchSize());
    if (!batch) return;
    campaigns.push(campaign);
    const claimedAt = performance.now();
    for (const message of batch) ready.push({ campaign, message, claimedAt });
  }

  const duties = [
    every(JUDGE_MS, async () => {
      for (const id of await judgeCampaigns(userId)) stopped.add(id);
    }),
    every(RENEW_MS, async () => {
      if (!(await laneRepository.renew(userId, owner))) stopped.add(EVERYTHING);
    }),
  ];

  try {
    for (;;) {
      if (!claiming && ready.length <= lowWater() && mayClaim()) {
        claiming = claimNext()
          .catch((error: unknown) => {
            failure = error;
            stopped.add(EVERYTHING);
          })
          .finally(() => {
            claiming = null;
          });
      }
      const next = ready[0];
      if (!next) {
        if (!claiming && !mayClaim()) break;
        await claiming;
        continue;
      }
      if (isHeld(slice, next)) {
        ready.shift();
        slice.answers.add(heldBack(next));
        continue;
      }
      if (inFlight >= (slice.breaker.isProbing() ? 1 : maxInFlight)) {
        await oneAnswered();
        continue;
      }
      const waitMs = slice.window.waitMs(connection.messagesPerSecond) || pace.take();
      if (waitMs > 0) {
        await sleep(waitMs);
        continue;
      }
      ready.shift();
      posted += 1;
      inFlight += 1;
      void post(slice, next).then(() => {
        inFlight -= 1;
        announce();
      });
    }
  } finally {
    for (const duty of duties) duty.stop();
    while (inFlight > 0) await oneAnswered();
    for (const left of ready) slice.answers.add(heldBack(left));
    await slice.answers.flush();
  }
  if (failure) throw failure;
  return posted;
}

/** Null when nothing of the campaign is due, or may be sent for now. */
async function claimFrom(slice: Slice, campaign: Campaign, size: number): Promise<Claimed[] | null> {
  const { userId, owner, budget } = slice;
  const isLimited = budget !== null && campaign.messageType === "template";
  if (isLimited && budget === 0) return null;
  const { claimed, position } = await messageRepository.claim(userId, campaign.id, {
    owner,
    size: isLimited ? Math.min(size, budget) : size,
    after: campaign.position,
    isLimited,
  });
  if (!position) return null;
  campaign.position = position;
  if (isLimited) slice.budget = budget - claimed.filter(({ isInitiated }) => isInitiated).length;
  return claimed;
}

const isHeld = ({ stopped, breaker }: Slice, { campaign, claimedAt }: Ready) =>
  stopped.has(campaign.id) ||
  stopped.has(EVERYTHING) ||
  breaker.waitMs() > 0 ||
  performance.now() - claimedAt > STALE_CLAIM_MS;

const heldBack = ({ message }: Ready): Answer => ({ message, outcome: { kind: "held" } });

/** Never throws: the message ends in exactly one state, whatever WhatsApp answers. */
async function post(slice: Slice, { campaign, message }: Ready): Promise<void> {
  const { userId, connection, window } = slice;
  let outcome: Answer["outcome"] = { kind: "held" };
  const place = window.post();
  try {
    outcome = await sendMessage(connection, connection.phoneNumberId, campaign.bodyOf(message));
    window.answer(place);
    await reactTo(slice, campaign, outcome);
  } catch (error) {
    logger.error(
      { userId, campaignId: campaign.id, error: String(error) },
      "an answer could not be acted on",
    );
    slice.stopped.add(EVERYTHING);
  }
  slice.answers.add({ message, outcome });
}

/** What one answer says about all messages after it takes effect at once, not when it is written down. */
async function reactTo(slice: Slice, campaign: Campaign, outcome: SendOutcome): Promise<void> {
  const { userId, breaker, pace } = slice;
  if (outcome.kind === "accepted") {
    breaker.succeed();
    slice.sameRefusals.delete(campaign.id);
    // What was on its way when everything stopped says nothing about the cause.
    if (!slice.hasAccepted && !slice.stopped.has(EVERYTHING)) {
      slice.hasAccepted = true;
      await alertRepository.resolveAll(userId, ACCOUNT_ALERTS);
    }
    return;
  }
  if (outcome.kind !== "refused") return breaker.fail();
  const { code, retryAfterMs } = outcome;
  switch (causeOf(code).scope) {
    case "platform":
      return breaker.fail(retryAfterMs);
    case "rate": {
      const rate = pace.slowDown();
      if (rate !== null) await laneRepository.throttle(userId, rate);
      return;
    }
    case "account":
      return stop(slice, EVERYTHING, code);
    case "template":
      return stop(slice, campaign.id, code);
    case "request":
      return countRefusal(slice, campaign, code);
    case "person":
      if (!isKnownCode(code)) await openUnknownCode(userId, code);
  }
}

async function stop({ userId, stopped }: Slice, what: string, code: number): Promise<void> {
  if (stopped.has(what) || stopped.has(EVERYTHING)) return;
  stopped.add(what);
  if (what === EVERYTHING) await pauseAccount(userId, code);
  else await pauseCampaign(userId, what, code);
}

async function countRefusal(slice: Slice, { id }: Campaign, code: number): Promise<void> {
  const known = slice.sameRefusals.get(id);
  const count = known?.code === code ? known.count + 1 : 1;
  slice.sameRefusals.set(id, { code, count });
  if (count < SAME_REFUSALS) return;
  slice.sameRefusals.delete(id);
  await stop(slice, id, code);
}

/** Runs a duty every so often, never twice at once; one that fails is done again the next time. */
function every(ms: number, duty: () => Promise<void>): { stop: () => void } {
  let isRunning = false;
  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    void duty()
      .catch((error: unknown) => logger.warn({ error: String(error) }, "a duty of a sending slice failed"))
      .finally(() => {
        isRunning = false;
      });
  }, ms);
  return { stop: () => clearInterval(timer) };
}
