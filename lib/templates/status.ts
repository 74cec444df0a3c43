import type { TemplateCategory, TemplateStatus } from "@/lib/db/generated/enums";

/**
 * Meta's words for the state of a template. A word that Meta adds later is ignored, so that nothing breaks.
 * LIMIT_EXCEEDED counts as a rejection because it can be submitted again once there is room.
 * Source: Meta, "message_template_status_update" and the template list (September 2026).
 */
const statuses: Record<string, TemplateStatus> = {
  PENDING: "pending",
  IN_APPEAL: "pending",
  APPROVED: "approved",
  REINSTATED: "approved",
  FLAGGED: "approved",
  LOCKED: "approved",
  UNLOCKED: "approved",
  UNARCHIVED: "approved",
  REJECTED: "rejected",
  LIMIT_EXCEEDED: "rejected",
  PAUSED: "paused",
  DISABLED: "disabled",
  ARCHIVED: "disabled",
  DELETED: "disabled",
  PENDING_DELETION: "disabled",
};

export const statusOf = (word: string): TemplateStatus | null => statuses[word.toUpperCase()] ?? null;

/** Why, when the state itself already says it. */
const reasonOfState: Record<string, string> = {
  LIMIT_EXCEEDED:
    "Your WhatsApp account holds as many templates as Meta allows. Delete one that you do not need and submit again.",
  PAUSED: "Meta paused it because too many people blocked or reported it. It usually starts again by itself.",
  DISABLED: "Meta switched it off because of its quality.",
  ARCHIVED: "Meta archived it because it was not used for a year.",
  DELETED: "It was deleted at WhatsApp.",
  PENDING_DELETION: "It is being deleted at WhatsApp.",
};

/** Source: Meta, rejection reasons of "message_template_status_update". */
const reasons: Record<string, string> = {
  ABUSIVE_CONTENT: "The text reads as abusive or threatening.",
  CATEGORY_NOT_AVAILABLE: "This category is not available for your account.",
  INCORRECT_CATEGORY: "The category does not fit the text. An offer or a promotion is marketing.",
  INVALID_FORMAT:
    "Something about the form is wrong, often the variables or their examples, a link, or spelling.",
  PROMOTIONAL: "The text is promotional. Choose the category marketing.",
  SCAM: "The text looks like fraud to the reviewers.",
  TAG_CONTENT_MISMATCH: "The language or category does not fit the text.",
};

/** Meta's reason in plain words; its own word stays in brackets for a conversation with Meta's support. */
export function reasonOf(word: string, reason: string | null | undefined): string | null {
  if (statusOf(word) === "approved" || statusOf(word) === "pending") return null;
  const given = reason && reason !== "NONE" ? reason : null;
  if (given) return reasons[given] ? `${reasons[given]} (${given})` : given;
  return reasonOfState[word.toUpperCase()] ?? "WhatsApp gave no reason.";
}

type Words = {
  label: string;
  tone: "neutral" | "info" | "success" | "danger" | "warning";
  explanation: string;
};

export const statusWords: Record<TemplateStatus, Words> = {
  draft: {
    label: "Draft",
    tone: "neutral",
    explanation: "Only you can see it. Submit it to WhatsApp when it is ready.",
  },
  pending: {
    label: "In review",
    tone: "info",
    explanation: "WhatsApp is reading it. That takes minutes as a rule, a day at most.",
  },
  approved: {
    label: "Approved",
    tone: "success",
    explanation: "WhatsApp approved it. You can send it in campaigns.",
  },
  rejected: {
    label: "Rejected",
    tone: "danger",
    explanation: "WhatsApp did not approve it. Change it and submit it again.",
  },
  paused: { label: "Paused", tone: "warning", explanation: "Meta has paused it. It cannot be sent for now." },
  disabled: { label: "Disabled", tone: "danger", explanation: "It cannot be sent any more." },
};

export const categoryNames: Record<TemplateCategory, string> = {
  marketing: "Marketing",
  utility: "Utility",
  authentication: "Authentication",
};
