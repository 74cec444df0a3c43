import { inngest } from "@/inngest/client";
import { campaignScheduled, campaignStarted, campaignUnscheduled, laneReady } from "@/inngest/events";
import { campaignAlert } from "@/lib/alerts/keys";
import { alertRepository } from "@/lib/alerts/repository";
import { conditionsOf, reachable } from "@/lib/audiences/conditions";
import { audienceRepository } from "@/lib/audiences/repository";
import { audienceOf, countPeople } from "@/lib/audiences/service";
import { reasonToHold, reasonToStop } from "@/lib/brakes/brake";
import { canarySize } from "@/lib/brakes/canary";
import { brakeRepository } from "@/lib/brakes/repository";
import { componentsOf } from "@/lib/campaigns/content";
import { isReopenable, isWaiting } from "@/lib/campaigns/lifecycle";
import type { CampaignProblem } from "@/lib/campaigns/queries";
import { campaignRepository } from "@/lib/campaigns/repository";
import {
  type CreateCampaign,
  type MessageContent,
  messageContentSchema,
  type Schedule,
} from "@/lib/campaigns/schema";
import type { Filter } from "@/lib/contact-filters/schema";
import type { CampaignStatus, TemplateStatus } from "@/lib/db/generated/enums";
import { AppError, conflict, invalid } from "@/lib/errors";
import { planOf } from "@/lib/lanes/plan";
import { laneRepository } from "@/lib/lanes/repository";
import { logger } from "@/lib/logger";
import { aKind } from "@/lib/media/limits";
import { messageRepository } from "@/lib/messages/repository";
import { stopUnfit } from "@/lib/template-standing/service";
import { templateRepository } from "@/lib/templates/repository";
import type { TemplateComponent } from "@/lib/templates/schema";
import { headerMediaOf, obstacleOf, variablesOf } from "@/lib/templates/variables";
import type { UserId } from "@/lib/tenant";
import { userRepository } from "@/lib/users/repository";

export async function createCampaign(userId: UserId, input: CreateCampaign) {
  return campaignRepository.create({ ...(await checkContent(userId, input)), userId });
}

export async function updateCampaign(
  userId: UserId,
  campaignId: string,
  input: CreateCampaign,
): Promise<void> {
  const content = await checkContent(userId, input);
  if (await campaignRepository.update(userId, campaignId, content)) return;
  throw await refusal(userId, campaignId, "changed");
}

export async function removeCampaign(userId: UserId, campaignId: string): Promise<void> {
  if (await campaignRepository.remove(userId, campaignId)) return;
  throw await refusal(userId, campaignId, "deleted; cancel it first");
}

/** Why a template cannot be sent now. */
const unapproved: Record<Exclude<TemplateStatus, "approved">, string> = {
  draft: "The template has not been submitted to WhatsApp yet.",
  pending: "WhatsApp has not approved the template yet.",
  rejected: "WhatsApp has rejected the template.",
  paused: "WhatsApp has paused the template. You can send it once it is approved again.",
  disabled: "WhatsApp has disabled the template.",
};

/** Everything an owner should know before pressing Send, or having it sent at an instant. `problems` forbid it. */
export async function checkCampaign(userId: UserId, campaignId: string, at: string | null = null) {
  const campaign = await campaignRepository.get(userId, campaignId);
  const audience = await audienceOf(userId, campaign.audience);
  const conditions = audience && conditionsOf(audience);
  const content = messageContentSchema.parse(campaign.messageContent);
  const isText = campaign.messageType === "text";
  const [people, lostFile, lane, initiated, account, template, isAboutDeleted] = await Promise.all([
    countPeople(userId, conditions, isText),
    lostFileOf(userId, campaign, at),
    laneRepository.find(userId),
    messageRepository.countInitiated(userId),
    userRepository.get(userId),
    campaign.template && templateRepository.get(userId, campaign.template.id),
    conditions && namesDeletedCampaign(userId, conditions),
  ]);
  const { recipients, withinWindow } = people;
  const firstPart = canarySize(recipients, campaign.canaryPercent);
  const problems: CampaignProblem[] = [];
  const report = (cause: CampaignProblem["cause"], message: string) => problems.push({ cause, message });
  if (!account.isConnected)
    report("connection", "WhatsApp is not connected. Connect a number or the sandbox in Settings.");
  if (template) {
    const variables = variablesOf(template.components).length;
    const obstacle = obstacleOf(template.components);
    if (template.status !== "approved") report("template", unapproved[template.status]);
    if (obstacle) report("template", obstacle);
    if (content.parameters.length !== variables)
      report("variables", "The template's variables have changed. Edit the campaign and fill them in again.");
    const missing = missingFileOf(template.components, content);
    if (missing) report("media", missing);
  } else if (!isText) report("template", "The template was deleted. Choose another one.");
  if (lostFile) report("media", `${lostFile} Choose it again.`);
  if (!conditions)
    report("audience", "The segment that it was to go to was deleted. Choose whom it goes to.");
  else if (isAboutDeleted)
    report("audience", "A condition is about a campaign that was deleted, so nobody meets it. Change it.");
  else if (recipients === 0) report("audience", "Nobody in this audience has agreed to receive messages.");
  else if (withinWindow === 0)
    report("audience", "Nobody in this audience has written to you in the last 24 hours. Send a template.");
  return {
    recipients,
    /** To look at them in the list of contacts. */
    filter: [...reachable, ...(conditions ?? [])],
    /** Of a text campaign, who would get it now; everybody else is skipped. */
    withinWindow,
    /** Who get it first, and how long the others wait; null when all get it at once. */
    canary: firstPart ? { size: firstPart, minutes: campaign.canaryMinutes } : null,
    problems,
    /** At the account's rate, without waiting for anything else. */
    durationSeconds: Math.ceil((withinWindow ?? recipients) / account.messagesPerSecond),
    messagesPerSecond: account.messagesPerSecond,
    isSandbox: account.isSandbox,
    /** Null when WhatsApp's messaging limit lets everybody have it at once. */
    plan: isText ? null : planOf(recipients, lane.messagingLimit, initiated.people),
  };
}

async function namesDeletedCampaign(userId: UserId, conditions: Filter): Promise<boolean> {
  const ids = conditions.flatMap((condition) =>
    condition.field === "campaign" ? [condition.campaignId] : [],
  );
  const existing = ids.length > 0 ? await campaignRepository.listExisting(userId, ids) : new Set();
  return ids.some((id) => !existing.has(id));
}

/** The live numbers: the campaign's cumulative counters, and how many messages are in each state now. */
export async function progressOf(userId: UserId, campaignId: string) {
  const [campaign, states] = await Promise.all([
    campaignRepository.get(userId, campaignId),
    messageRepository.countByStatus(userId, campaignId),
  ]);
  const { id, status, pauseReason, errorMessage, scheduledAt, startedAt, completedAt } = campaign;
  const { totalRecipients, sentCount, deliveredCount, readCount, failedCount } = campaign;
  const { canaryUntil, canaryPercent, canaryMinutes, canarySentAt } = campaign;
  const size = canaryUntil && canarySize(totalRecipients, canaryPercent);
  const isSending = status === "processing" && states.queued > 0;
  return {
    ...{ id, status, pauseReason, errorMessage, scheduledAt, startedAt, completedAt },
    ...{ totalRecipients, sentCount, deliveredCount, readCount, failedCount },
    states,
    heldLong: states.held > 0 ? await messageRepository.countHeldLong(userId, campaignId) : 0,
    /** People whose message failed and may succeed on another try. */
    retryable: states.failed > 0 ? await campaignRepository.countRetryable(userId, campaignId) : 0,
    /** While everybody but the first part waits. */
    canary: size ? { size, minutes: canaryMinutes, sentAt: canarySentAt } : null,
    /** While WhatsApp's messaging limit lets nobody else be messaged. */
    limit: isSending && campaign.messageType === "template" ? await usedUpLimit(userId) : null,
  };
}

async function usedUpLimit(userId: UserId): Promise<{ people: number; until: Date } | null> {
  const [{ messagingLimit }, initiated] = await Promise.all([
    laneRepository.find(userId),
    messageRepository.countInitiated(userId),
  ]);
  if (messagingLimit === null || initiated.people < messagingLimit) return null;
  return { people: messagingLimit, until: new Date(Date.now() + initiated.nextMs) };
}

/** Sends now. Of many calls at once exactly one starts the campaign; the others are told that it has started. */
export async function launchCampaign(userId: UserId, campaignId: string): Promise<void> {
  await refuseUnready(userId, campaignId);
  if (!(await campaignRepository.start(userId, campaignId, { onlyIfDue: false }))) {
    throw await refusal(userId, campaignId, "started");
  }
  await alertRepository.resolve(userId, campaignAlert(campaignId));
  await announce(() => inngest.send(campaignStarted.create({ userId, campaignId })));
}

export async function scheduleCampaign(
  userId: UserId,
  campaignId: string,
  { scheduledAt, ...missed }: Schedule,
): Promise<void> {
  await refuseUnready(userId, campaignId, scheduledAt);
  if (!(await campaignRepository.schedule(userId, campaignId, scheduledAt, missed))) {
    if (isWaiting(await campaignRepository.get(userId, campaignId)))
      throw invalid("scheduledAt", "Choose a time in the future");
    throw await refusal(userId, campaignId, "scheduled");
  }
  await alertRepository.resolve(userId, campaignAlert(campaignId));
  await announce(() => inngest.send(campaignScheduled.create({ userId, campaignId, scheduledAt })));
}

export async function unscheduleCampaign(userId: UserId, campaignId: string): Promise<void> {
  await moveOrRefuse(userId, campaignId, "draft", "taken back");
  await announce(() => inngest.send(campaignUnscheduled.create({ userId, campaignId })));
}

export async function pauseCampaign(userId: UserId, campaignId: string): Promise<void> {
  if (await campaignRepository.pause(userId, campaignId, "You paused it.")) return;
  throw await refusal(userId, campaignId, "paused");
}

export async function resumeCampaign(userId: UserId, campaignId: string): Promise<void> {
  const { status } = await campaignRepository.get(userId, campaignId);
  if (status !== "paused") throw await refusal(userId, campaignId, "resumed");
  await refuseLostFile(userId, campaignId);
  await moveOrRefuse(userId, campaignId, "processing", "resumed");
  await alertRepository.resolve(userId, campaignAlert(campaignId));
  await announce(() =>
    inngest.send([campaignStarted.create({ userId, campaignId }), laneReady.create({ userId })]),
  );
}

/** Sends again what may have been sent already. Only the owner may decide that. */
export async function sendUnknown(userId: UserId, campaignId: string): Promise<void> {
  await refuseLostFile(userId, campaignId);
  const requeued = await campaignRepository.requeueUnknown(userId, campaignId);
  await announceRequeued(userId, campaignId, requeued, "No message of this campaign is unknown any more");
}

/** Sends again what failed for a cause that may be gone. */
export async function retryFailed(userId: UserId, campaignId: string): Promise<void> {
  await refuseLostFile(userId, campaignId);
  const requeued = await campaignRepository.requeueFailed(userId, campaignId);
  await announceRequeued(
    userId,
    campaignId,
    requeued,
    "No failed message of this campaign can be tried again",
  );
}

async function announceRequeued(
  userId: UserId,
  campaignId: string,
  requeued: number,
  nothing: string,
): Promise<void> {
  if (requeued === 0) {
    const { status } = await campaignRepository.get(userId, campaignId);
    throw isReopenable(status) ? conflict(nothing) : await refusal(userId, campaignId, "sent again");
  }
  await announce(() => inngest.send(laneReady.create({ userId })));
}

/** Sends to everybody else without waiting for what becomes of the first part. */
export async function sendRest(userId: UserId, campaignId: string): Promise<void> {
  if (!(await brakeRepository.releaseCanary(userId, campaignId, { onlyIfDue: false }))) {
    const { status } = await campaignRepository.get(userId, campaignId);
    if (status !== "processing") throw await refusal(userId, campaignId, "sent to the others now");
    throw conflict("This campaign is going to everybody already");
  }
  await announce(() => inngest.send(laneReady.create({ userId })));
}

export async function cancelCampaign(userId: UserId, campaignId: string): Promise<void> {
  if (!(await campaignRepository.cancel(userId, campaignId)))
    throw await refusal(userId, campaignId, "canceled");
  await alertRepository.resolve(userId, campaignAlert(campaignId));
  await announce(() => inngest.send(campaignUnscheduled.create({ userId, campaignId })));
}

/**
 * Begins a scheduled campaign whose hour has come, or holds it when that is too long ago for its rule, or its template is
 * paused or costs something else by now. Does nothing for any other, so it may be called at any time.
 */
export async function startDueCampaign(userId: UserId, campaignId: string): Promise<boolean> {
  if (await campaignRepository.start(userId, campaignId, { onlyIfDue: true })) return true;
  const reason =
    (await campaignRepository.holdMissed(userId, campaignId)) ??
    (await campaignRepository.settleUnapproved(userId, campaignId));
  if (reason)
    await alertRepository.open(userId, campaignAlert(campaignId), `A campaign was not sent. ${reason}`);
  await stopUnfit(userId);
  const campaign = await campaignRepository.find(userId, campaignId);
  return campaign?.status === "processing";
}

/** Freezes the audience of a started campaign; a campaign with nobody in it has failed. Safe to run again. */
export async function freezeAudience(userId: UserId, campaignId: string): Promise<number | null> {
  const recipients = await audienceRepository.freeze(userId, campaignId);
  if (recipients === 0) {
    await campaignRepository.move(userId, campaignId, "failed", {
      errorMessage: "When the campaign started, nobody in its audience had agreed to receive messages.",
    });
  }
  return recipients;
}

/**
 * Pauses what must not go on sending, and returns the campaigns that stopped; lets go on what was sent to a first part
 * and went well. One statement while all is well, so it may be asked every second, and by several at once.
 */
export async function judgeCampaigns(userId: UserId): Promise<string[]> {
  const campaigns = await brakeRepository.findEvidence(userId);
  if (campaigns.some(({ isCanaryOut }) => isCanaryOut)) await brakeRepository.markCanariesSent(userId);
  const stopped: string[] = [];
  for (const { id, runSince, isCanaryDue, ...evidence } of campaigns) {
    const reason = reasonToStop(evidence);
    const isStopped = reason
      ? await stopCampaign(userId, id, reason, () => brakeRepository.stopRun(userId, id, runSince, reason))
      : isCanaryDue && (await judgeCanary(userId, id, runSince, evidence.brakePercent));
    if (isStopped) stopped.push(id);
  }
  return stopped;
}

/** True when the campaign stopped. */
async function judgeCanary(
  userId: UserId,
  id: string,
  runSince: Date | null,
  brakePercent: number,
): Promise<boolean> {
  const reason = reasonToHold(await brakeRepository.findCanaryOutcome(userId, id), brakePercent);
  if (reason) {
    return stopCampaign(userId, id, reason, () => brakeRepository.stopCanary(userId, id, runSince, reason));
  }
  if (await brakeRepository.releaseCanary(userId, id, { onlyIfDue: true })) {
    await announce(() => inngest.send(laneReady.create({ userId })));
  }
  return false;
}

async function stopCampaign(userId: UserId, id: string, reason: string, stop: () => Promise<boolean>) {
  const isStopped = await stop();
  if (isStopped) await alertRepository.open(userId, campaignAlert(id), `A campaign paused itself. ${reason}`);
  return isStopped;
}

/** Announces again what was due or begun and went unnoticed, and ends what has nothing left to send. */
export async function sweepCampaigns(): Promise<void> {
  await forEach(await campaignRepository.findOverdueOfAllTenants(), async ({ userId, campaignId }) => {
    if (await startDueCampaign(userId, campaignId))
      await inngest.send(campaignStarted.create({ userId, campaignId }));
  });
  await forEach(await campaignRepository.findUnfrozenOfAllTenants(), async (campaign) => {
    await inngest.send(campaignStarted.create(campaign));
  });
  await forEach(await campaignRepository.findHeldBackOfAllTenants(), async ({ userId, campaignId }) => {
    if ((await campaignRepository.requeueHeldBack(userId, campaignId)) > 0)
      await inngest.send(laneReady.create({ userId }));
  });
  await forEach(await campaignRepository.findSendingOfAllTenants(), async (userId) => {
    await judgeCampaigns(userId);
    await campaignRepository.finishAll(userId);
  });
  await alertRepository.resolveOverOfAllTenants();
}

/** One after the other; what goes wrong with one is nobody else's trouble. */
async function forEach<Item>(items: Item[], act: (item: Item) => Promise<void>): Promise<void> {
  for (const item of items)
    await act(item).catch((error: unknown) =>
      logger.error({ item, error: String(error) }, "the sweep could not see to a campaign"),
    );
}

/** The campaign with what belongs to its kind only. */
async function checkContent(userId: UserId, input: CreateCampaign): Promise<CreateCampaign> {
  const { messageType, messageContent } = input;
  if (!(await audienceOf(userId, input.audience)))
    throw invalid("audience", "The segment was deleted. Choose whom it goes to.");
  const { parameters, text, media } = messageContent;
  const isText = messageType === "text";
  const templateId = isText ? null : input.templateId;
  const template = templateId === null ? null : await templateRepository.get(userId, templateId);
  const components = componentsOf({ messageType, text, template });
  const obstacle = obstacleOf(components);
  if (obstacle) throw invalid("templateId", obstacle);
  const missing = missingFileOf(components, messageContent);
  if (missing) throw invalid("media", missing);
  const variables = variablesOf(components);
  if (parameters.length !== variables.length) {
    throw invalid(
      "messageContent",
      `The ${messageType} has ${variables.length} variables: fill in each of them`,
    );
  }
  return {
    ...input,
    templateId,
    messageContent: {
      parameters,
      ...(isText && text !== undefined && { text }),
      ...((isText || headerMediaOf(components)) && media && { media }),
    },
  };
}

/** Null when the header has the file that it needs. */
function missingFileOf(components: TemplateComponent[], { media }: MessageContent): string | null {
  const kind = headerMediaOf(components);
  return kind && media?.kind !== kind ? `The header of the template needs ${aKind(kind)}. Choose one.` : null;
}

async function refuseUnready(userId: UserId, campaignId: string, at: string | null = null): Promise<void> {
  const { problems } = await checkCampaign(userId, campaignId, at);
  if (problems.length > 0) throw new AppError("INVALID", problems.map(({ message }) => message).join(" "));
}

/** Why WhatsApp would not have a campaign's file any more, at an instant or at its hour; null when it would, or there is none. */
async function lostFileOf(
  userId: UserId,
  { id, messageContent }: { id: string; messageContent: unknown },
  at: string | null = null,
): Promise<string | null> {
  const { media } = messageContentSchema.parse(messageContent);
  if (!media) return null;
  const { isConnected, phoneNumberId } = await userRepository.get(userId);
  if (isConnected && media.phoneNumberId !== phoneNumberId)
    return "The file was uploaded for another phone number.";
  const isOutdated = await campaignRepository.isMediaOutdated(userId, id, at);
  return isOutdated ? "WhatsApp keeps a file for 30 days, and by then it is gone." : null;
}

/** Of what has started no other file can be chosen. */
async function refuseLostFile(userId: UserId, campaignId: string): Promise<void> {
  const lost = await lostFileOf(userId, await campaignRepository.get(userId, campaignId));
  if (lost) throw invalid("media", `${lost} Send a new campaign to those who did not get this one.`);
}

async function moveOrRefuse(
  userId: UserId,
  campaignId: string,
  to: CampaignStatus,
  verb: string,
): Promise<void> {
  if (!(await campaignRepository.move(userId, campaignId, to))) throw await refusal(userId, campaignId, verb);
}

async function refusal(userId: UserId, campaignId: string, verb: string): Promise<AppError> {
  const { status } = await campaignRepository.get(userId, campaignId);
  return conflict(
    `This campaign is ${status === "processing" ? "already sending" : status} and cannot be ${verb}`,
  );
}

/** The row is the truth and the event only the fast path: if it is lost, the sweep finds the row within a minute. */
async function announce(send: () => Promise<unknown>): Promise<void> {
  await send().catch((error: unknown) =>
    logger.warn({ error: String(error) }, "an event was not sent; the sweep will"),
  );
}
