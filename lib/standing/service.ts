import { campaignAlert, standingAlert, templateAlert } from "@/lib/alerts/keys";
import { alertRepository } from "@/lib/alerts/repository";
import { campaignRepository } from "@/lib/campaigns/repository";
import type { TemplateCategory } from "@/lib/db/generated/enums";
import { laneRepository } from "@/lib/lanes/repository";
import { digitsOf, displayNumberOf, type Finding, findingsOf } from "@/lib/standing/report";
import {
  type TemplateNames,
  templateCategoryOf,
  templateQualityOf,
  templateStatusOf,
  templateTextsOf,
  withTexts,
} from "@/lib/templates/report";
import { templateRepository } from "@/lib/templates/repository";
import { categoryNames } from "@/lib/templates/status";
import type { UserId } from "@/lib/tenant";
import { userRepository } from "@/lib/users/repository";
import type { Change } from "@/lib/webhook-events/payload";
import { messagingLimitOf } from "@/lib/whatsapp/account";

/** What Meta reports of an account, its number and its templates: kept, shown, and what must stop is paused. May be repeated. */
export async function applyStanding(userId: UserId, change: Change): Promise<void> {
  const status = templateStatusOf(change);
  const quality = templateQualityOf(change);
  const category = templateCategoryOf(change);
  const texts = templateTextsOf(change);
  if (status) await applyState(userId, status);
  if (quality) await applyQuality(userId, quality);
  if (category) await applyCategory(userId, category);
  if (texts) {
    for (const { id, components } of await templateRepository.findReported(userId, texts))
      await templateRepository.rewrite(userId, id, withTexts(components, texts.texts));
  }
  const findings = findingsOf(change, new Date());
  if (findings.length === 0 || !(await isMeant(userId, change))) return;
  for (const finding of findings) await applyFinding(userId, finding, endOf(change.at));
}

/** Several accounts may share a WhatsApp Business Account: a report that names a number is for the one that has it. */
async function isMeant(userId: UserId, change: Change): Promise<boolean> {
  const named = displayNumberOf(change);
  const { displayPhoneNumber } = await userRepository.get(userId);
  return !named || !displayPhoneNumber || digitsOf(displayPhoneNumber) === named;
}

/** Meta's instants are whole seconds. */
const endOf = (at: Date | null) => (at ? new Date(at.getTime() + 1000) : undefined);

async function applyFinding(userId: UserId, finding: Finding, at: Date | undefined): Promise<void> {
  switch (finding.kind) {
    case "over":
      return alertRepository.resolve(userId, standingAlert(finding.what));
    case "limit":
      return laneRepository.remember(userId, {
        messagingLimit: limitOf(finding.limit),
        qualityRating: null,
      });
    case "quality":
      return laneRepository.remember(userId, { messagingLimit: null, qualityRating: finding.rating });
    case "trouble": {
      const { what, message, stops, endsAt } = finding;
      if (endsAt && endsAt.getTime() < Date.now()) return;
      const paused = stops ? await campaignRepository.pauseAll(userId, message, at) : 0;
      const also = paused > 0 ? " All campaigns are paused." : "";
      return alertRepository.open(userId, standingAlert(what), `${message}${also}`, endsAt);
    }
  }
}

const limitOf = (limit: string) => (/^\d+$/.test(limit) ? Number(limit) : messagingLimitOf(limit));

/** A state in which Meta's reviewers or its users' complaints put a template; the owner's own acts need no alert. */
const alarming = ["PAUSED", "DISABLED", "FLAGGED"];

async function applyState(userId: UserId, report: NonNullable<ReturnType<typeof templateStatusOf>>) {
  await templateRepository.applyStatus(userId, report);
  for (const { id, name, status, rejectionReason } of await templateRepository.findReported(userId, report)) {
    const key = templateAlert(id, "state");
    if (status !== "approved") {
      const reason =
        `WhatsApp does not let the template ${name} be sent for now. ${rejectionReason ?? ""}`.trim();
      await pauseSending(userId, id, { reason, at: endOf(report.at) });
    }
    const word = report.status.toUpperCase();
    if (word === "FLAGGED") await alertRepository.open(userId, key, warning(name));
    else if (status === "approved") await alertRepository.resolve(userId, key);
    else if (alarming.includes(word) && (status === "paused" || status === "disabled"))
      await alertRepository.open(
        userId,
        key,
        `WhatsApp has ${status} the template ${name}. ${rejectionReason ?? ""}`.trim(),
      );
  }
}

const warning = (name: string) =>
  `WhatsApp may disable the template ${name}: many people block or report it. Send it to fewer people, or say something else.`;

async function applyQuality(userId: UserId, report: TemplateNames & { quality: string }) {
  for (const { id, name } of await templateRepository.findReported(userId, report)) {
    await templateRepository.rate(userId, id, report.quality);
    const key = templateAlert(id, "quality");
    if (report.quality !== "RED") await alertRepository.resolve(userId, key);
    else
      await alertRepository.open(
        userId,
        key,
        `People rate the template ${name} as bad: they block or report it. WhatsApp may pause it.`,
      );
  }
}

const WEEK_MS = 7 * 24 * 3_600_000;
const named = (category: TemplateCategory) => categoryNames[category].toLowerCase();

/** An announcement that comes after its day says nothing any more. */
async function applyCategory(userId: UserId, report: NonNullable<ReturnType<typeof templateCategoryOf>>) {
  const { category, next, nextAt, at } = report;
  const isAnnouncement = next !== null && next !== category;
  if (isAnnouncement && nextAt && nextAt.getTime() < Date.now()) return;
  for (const template of await templateRepository.findReported(userId, report)) {
    if (isAnnouncement) await announce(userId, template, next, nextAt);
    else await recategorize(userId, template, category, at);
  }
}

type Known = { id: string; name: string; category: TemplateCategory };

async function announce(
  userId: UserId,
  { id, name, category }: Known,
  next: TemplateCategory,
  nextAt: Date | null,
) {
  await templateRepository.categorize(userId, id, category, { category: next, at: nextAt });
  const message = `Meta will make the template ${name} ${named(next)} instead of ${named(category)}: its messages will cost what ${named(next)} costs.`;
  await alertRepository.open(
    userId,
    templateAlert(id, "category"),
    message,
    nextAt && new Date(nextAt.getTime() + WEEK_MS),
  );
}

async function recategorize(userId: UserId, known: Known, category: TemplateCategory, at: Date | null) {
  const { id, name } = known;
  await templateRepository.categorize(userId, id, category, null);
  if (known.category !== category) {
    const message = `Meta has made the template ${name} ${named(category)} instead of ${named(known.category)}: its messages cost what ${named(category)} costs.`;
    const endsAt = new Date((at ?? new Date()).getTime() + WEEK_MS);
    await alertRepository.open(userId, templateAlert(id, "category"), message, endsAt);
  }
  const reason = `Meta has made the template ${name} ${named(category)}. What was estimated no longer holds: check the cost, then resume.`;
  await pauseSending(userId, id, { reason, at: endOf(at), category });
}

type Pause = { reason: string; at: Date | undefined; category?: TemplateCategory };

async function pauseSending(
  userId: UserId,
  templateId: string,
  { reason, at, category }: Pause,
): Promise<void> {
  for (const { id } of await campaignRepository.listSendingWith(userId, templateId, category ?? null))
    if (await campaignRepository.pause(userId, id, reason, at))
      await alertRepository.open(userId, campaignAlert(id), `A campaign paused itself. ${reason}`);
}
