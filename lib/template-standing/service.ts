import { campaignAlert, type TemplateMatter, templateAlert } from "@/lib/alerts/keys";
import { alertRepository } from "@/lib/alerts/repository";
import { campaignRepository } from "@/lib/campaigns/repository";
import type { TemplateCategory } from "@/lib/db/generated/enums";
import { standingRepository } from "@/lib/standing/repository";
import {
  type TemplateNames,
  templateCategoryOf,
  templateQualityOf,
  templateStatusOf,
  templateTextsOf,
  withTexts,
} from "@/lib/templates/report";
import { templateRepository } from "@/lib/templates/repository";
import type { MetaTemplate, Template } from "@/lib/templates/schema";
import { categoryNames } from "@/lib/templates/status";
import type { UserId } from "@/lib/tenant";
import type { Change } from "@/lib/webhook-events/payload";

/** What Meta reports of templates: kept, shown, and campaigns that must stop are paused. May be repeated. */
export async function applyTemplateReport(userId: UserId, change: Change): Promise<void> {
  const status = templateStatusOf(change);
  const quality = templateQualityOf(change);
  const category = templateCategoryOf(change);
  const texts = templateTextsOf(change);
  if (status) await applyState(userId, status);
  if (quality) await applyQuality(userId, quality);
  if (category) await applyCategory(userId, category);
  if (texts) await applyTexts(userId, texts);
}

/** The templates that a report is about, of which nothing later is known in this respect. */
async function listMeant(userId: UserId, report: TemplateNames & { at: Date | null }, what: TemplateMatter) {
  const meant: Awaited<ReturnType<typeof templateRepository.findReported>> = [];
  for (const template of await templateRepository.findReported(userId, report)) {
    const subject = templateAlert(template.id, what);
    if (await standingRepository.isNewest(userId, subject, report.at ?? new Date())) meant.push(template);
  }
  return meant;
}

async function applyTexts(userId: UserId, report: NonNullable<ReturnType<typeof templateTextsOf>>) {
  for (const { id, components } of await listMeant(userId, report, "texts"))
    await templateRepository.rewrite(userId, id, withTexts(components, report.texts));
}

/** What Meta lists, and what became of it: the same follows as from reports that say so. */
export async function applyTemplateList(userId: UserId, listed: MetaTemplate[], ids: string[]) {
  const before = new Map((await templateRepository.listStates(userId)).map((known) => [known.id, known]));
  const counts = { updated: 0, imported: 0, skipped: 0, unchanged: 0 };
  for (const template of listed) counts[await templateRepository.upsertFromMeta(userId, template)] += 1;
  const missing = await templateRepository.settleMissing(userId, ids);

  const words = new Map(listed.map(({ id, status }) => [id, status]));
  for (const template of await templateRepository.listStates(userId)) {
    const known = before.get(template.id);
    const word = words.get(template.whatsappTemplateId ?? "");
    if (!known || word === undefined) continue;
    if (known.status !== template.status) await tellState(userId, template, word);
    if (known.category !== template.category)
      await tellCategory(userId, template, known.category, new Date());
  }
  await stopUnfit(userId);
  return { ...counts, missing };
}

/**
 * Pauses what is sent with a template that WhatsApp does not let be sent, and what was estimated, or scheduled, while its
 * template had another category. Of all templates of the account when none is named. Whatever was resumed after `at`
 * is not unfit for what was said then.
 */
export async function stopUnfit(userId: UserId, templateId: string | null = null, at?: Date): Promise<void> {
  const stopped = [
    ...(await campaignRepository.pauseUnapproved(userId, templateId, at)),
    ...(await campaignRepository.pauseRecategorized(userId, templateId)),
  ];
  for (const { id, isStarted, pauseReason } of stopped) {
    const what = isStarted ? "A campaign paused itself." : "A scheduled campaign waits for you.";
    await alertRepository.open(userId, campaignAlert(id), `${what} ${pauseReason}`);
  }
}

/** Meta's instants are whole seconds. */
const endOf = (at: Date | null) => (at ? new Date(at.getTime() + 1000) : undefined);

async function applyState(userId: UserId, report: NonNullable<ReturnType<typeof templateStatusOf>>) {
  await templateRepository.applyStatus(userId, report);
  for (const template of await listMeant(userId, report, "state")) {
    await stopUnfit(userId, template.id, endOf(report.at));
    await tellState(userId, template, report.status);
  }
}

/** A state in which Meta's reviewers or its users' complaints put a template; the owner's own acts need no alert. */
const alarming = ["PAUSED", "DISABLED"];

type State = Pick<Template, "id" | "name" | "status" | "rejectionReason">;

/** `word` is Meta's own for the state. */
async function tellState(userId: UserId, { id, name, status, rejectionReason }: State, word: string) {
  const key = templateAlert(id, "state");
  if (word.toUpperCase() === "FLAGGED")
    await alertRepository.open(
      userId,
      key,
      `WhatsApp may disable the template ${name}: many people block or report it. Send it to fewer people, or say something else.`,
    );
  else if (status === "approved") await alertRepository.resolve(userId, key);
  else if (alarming.includes(word.toUpperCase()) && (status === "paused" || status === "disabled"))
    await alertRepository.open(
      userId,
      key,
      `WhatsApp has ${status} the template ${name}. ${rejectionReason ?? ""}`.trim(),
    );
}

async function applyQuality(userId: UserId, report: NonNullable<ReturnType<typeof templateQualityOf>>) {
  for (const { id, name } of await listMeant(userId, report, "quality")) {
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
    if (isAnnouncement) await announce(userId, template, next, { from: nextAt, at });
    else if (await templateRepository.categorize(userId, template.id, category, at)) {
      if (template.category !== category)
        await tellCategory(userId, { ...template, category }, template.category, at ?? new Date());
      await stopUnfit(userId, template.id);
    }
  }
}

type Categorized = Pick<Template, "id" | "name" | "category">;

async function announce(
  userId: UserId,
  { id, name, category }: Categorized,
  next: TemplateCategory,
  when: { from: Date | null; at: Date | null },
) {
  if (!(await templateRepository.announceCategory(userId, id, next, when))) return;
  const message = `Meta will make the template ${name} ${named(next)} instead of ${named(category)}: its messages will cost what ${named(next)} costs.`;
  const endsAt = when.from && new Date(when.from.getTime() + WEEK_MS);
  await alertRepository.open(userId, templateAlert(id, "category"), message, endsAt);
}

async function tellCategory(
  userId: UserId,
  { id, name, category }: Categorized,
  before: TemplateCategory,
  at: Date,
) {
  const message = `Meta has made the template ${name} ${named(category)} instead of ${named(before)}: its messages cost what ${named(category)} costs.`;
  const endsAt = new Date(at.getTime() + WEEK_MS);
  await alertRepository.open(userId, templateAlert(id, "category"), message, endsAt);
}
