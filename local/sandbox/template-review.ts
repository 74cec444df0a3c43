import type { Events } from "./events";
import type { Template } from "./model";
import type { Schedule } from "./schedule";
import type { Settings } from "./settings";
import type { State } from "./state";

/** Words that make a utility template a marketing one ("Template categorization"); a rough likeness. */
const promotional = /\b(sale|discount|offer|coupon|promo|promotion|voucher|deal)s?\b|\d\s?% off/i;

/** "Template review": shortened links and links to WhatsApp itself are refused. */
const shortLink = /\b(bit\.ly|tinyurl\.com|goo\.gl|t\.co|wa\.me)\//i;

export type Review = ReturnType<typeof createReview>;

type Dependencies = { state: State; settings: Settings; schedule: Schedule; events: Events };

/** Decides about templates some time after they were handed in, and tells the business. */
export function createReview({ state, settings, schedule, events }: Dependencies) {
  function decide(id: string) {
    const template = state.templates.get(id);
    if (template?.status !== "PENDING" || template.reviewAt === null || template.reviewAt > Date.now())
      return;
    if (isRejected(template)) return reject(template, "INVALID_FORMAT");
    if (template.category === "UTILITY" && promotional.test(bodyOf(template))) recategorise(template);
    approve(template);
  }

  function watch(template: Template) {
    if (template.reviewAt !== null) schedule.at(template.reviewAt, () => decide(template.id));
  }

  function approve(template: Template) {
    template.status = "APPROVED";
    template.rejectedReason = "NONE";
    template.reviewAt = null;
    template.pausedAt = null;
    events.announceTemplate(template, "APPROVED");
  }

  function reject(template: Template, reason: string) {
    template.status = "REJECTED";
    template.rejectedReason = reason;
    template.reviewAt = null;
    const rejection = {
      reason: "The template does not follow the format rules.",
      recommendation: "Correct the content and submit the template again.",
    };
    events.announceTemplate(
      template,
      "REJECTED",
      reason === "INVALID_FORMAT" ? { rejection_info: rejection } : {},
    );
  }

  function recategorise(template: Template, category: Template["category"] = "MARKETING") {
    template.previousCategory = template.category;
    template.category = category;
    events.announceChange(template.wabaId, "template_category_update", {
      message_template_id: Number(template.id),
      message_template_name: template.name,
      message_template_language: template.language,
      previous_category: template.previousCategory,
      new_category: category,
    });
  }

  /** "Template categorization": told a day ahead, with the category of now under the name of the new one. */
  function announceCategory(template: Template, category: Template["category"]) {
    events.announceChange(template.wabaId, "template_category_update", {
      message_template_id: Number(template.id),
      message_template_name: template.name,
      message_template_language: template.language,
      new_category: template.category,
      correct_category: category,
      category_update_timestamp: Math.floor(Date.now() / 1000) + 86_400,
    });
  }

  /** "Template pausing": 3 hours, then 6, and the third time for good. */
  function pause(template: Template) {
    template.pauses += 1;
    if (template.pauses > 2) return disable(template);
    template.status = "PAUSED";
    template.pausedAt = Date.now();
    template.quality = { score: "RED", date: Math.floor(Date.now() / 1000) };
    const hours = template.pauses === 1 ? 3 : 6;
    events.announceTemplate(template, "PAUSED", {
      other_info: {
        title: template.pauses === 1 ? "FIRST_PAUSE" : "SECOND_PAUSE",
        description: `Your WhatsApp message template has been paused for ${hours} hours because it continued to have issues.`,
      },
    });
  }

  function disable(template: Template) {
    template.status = "DISABLED";
    template.pausedAt = null;
    events.announceTemplate(template, "DISABLED", {
      disable_info: { disable_date: Math.floor(Date.now() / 1000) },
    });
  }

  return {
    submit: (template: Template) => {
      template.status = "PENDING";
      template.reviewAt = Date.now() + settings.reviewMs;
      state.putTemplate(template);
      state.save();
      watch(template);
    },
    /** Takes up again what was under review when the sandbox stopped. */
    resume: () => {
      for (const template of state.templates.values()) watch(template);
    },
    approve,
    reject,
    recategorise,
    announceCategory,
    pause,
    disable,
  };
}

const bodyOf = (template: Template): string =>
  template.components.find(({ type }) => type.toUpperCase() === "BODY")?.text ?? "";

function isRejected(template: Template): boolean {
  if (template.name.includes("reject")) return true;
  const urls = template.components.flatMap(({ buttons = [] }) => buttons.map(({ url = "" }) => url));
  return [bodyOf(template), ...urls].some((text) => shortLink.test(text));
}
