import type { EventResult } from "@/lib/event-console/schema";

/** What a list tells of an event: how much is in it, and the first of it. */
export type EventSummary = {
  statusCount: number;
  status: string | null;
  recipient: string | null;
  messageCount: number;
  messageType: string | null;
  sender: string | null;
  text: string | null;
  templateName: string | null;
  report: string | null;
};

/** Meta's fields, and what is in `messages`, in plain words. */
export const kindWords: Record<string, string> = {
  message_status: "Message status",
  message: "Message from a person",
  user_preferences: "Marketing choice",
  message_template_status_update: "Template review",
  message_template_quality_update: "Template quality",
  message_template_components_update: "Template content",
  template_category_update: "Template category",
  account_update: "Account",
  account_alerts: "Account alert",
  account_review_update: "Account review",
  business_capability_update: "Limits of the business",
  phone_number_quality_update: "Quality of the number",
  phone_number_name_update: "Display name",
  security: "Security",
  business_username_update: "Username",
  mixed: "Several kinds",
  unknown: "Not readable",
};

/** What Meta adds later has its own name. */
export function kindOf(eventType: string): string {
  const name = eventType.replaceAll("_", " ");
  return kindWords[eventType] ?? name.charAt(0).toUpperCase() + name.slice(1);
}

export const resultWords = {
  processed: "Processed",
  pending: "Not processed yet",
  waiting: "Waiting for its message",
  failed: "Failed",
} as const satisfies Record<EventResult, string>;

/** `noMessage` is the reason that an event is stored with which waits for its message. */
export function resultOf(
  { processed, errorMessage }: { processed: boolean; errorMessage: string | null },
  noMessage: string,
): EventResult {
  if (processed) return "processed";
  if (errorMessage === null) return "pending";
  return errorMessage === noMessage ? "waiting" : "failed";
}

const statusWords: Record<string, string> = {
  sent: "Sent to",
  delivered: "Delivered to",
  read: "Read by",
  failed: "Failed for",
  held_for_quality_assessment: "Held back for",
};

const number = new Intl.NumberFormat("en");

/** "1 event", "10,000+ events"; null where counting took too long. */
export function formatEvents(total: { count: number; isMore: boolean } | null): string {
  if (total === null) return "events";
  return total.count === 1 ? "1 event" : `${number.format(total.count)}${total.isMore ? "+" : ""} events`;
}

const andMore = (count: number) => (count > 1 ? `, and ${number.format(count - 1)} more` : "");

/** Meta's words in capitals; names stay as they are. */
const plain = (report: string) =>
  /^[A-Z\d_]+$/.test(report) ? report.replaceAll("_", " ").toLowerCase() : report;

/** One line: "Delivered to +16505551234, and 2 more". */
export function describeEvent(event: EventSummary): string {
  if (event.status) {
    const did = statusWords[event.status] ?? `${event.status}:`;
    return `${did} ${event.recipient ? `+${event.recipient}` : "somebody"}${andMore(event.statusCount)}`;
  }
  if (event.messageType) {
    const from = event.sender ? ` from +${event.sender}` : "";
    const what = event.text ? `“${event.text}”` : event.messageType.replaceAll("_", " ");
    return `${what}${from}${andMore(event.messageCount)}`;
  }
  return [event.templateName, event.report && plain(event.report)].filter(Boolean).join(": ");
}

/** Why something that was processed is left alone. */
export const NOT_REPEATED =
  "It says how things stood then. Something newer may have taken its place, so it is not processed again.";

type Judged = {
  result: EventResult;
  errorMessage: string | null;
  receivedAt: Date | string;
  eventType: string;
};

const DAY_MS = 86_400_000;

/** What the result means for the owner. */
export function explainResult(
  { result, errorMessage, receivedAt, eventType }: Judged,
  now = Date.now(),
): string {
  const isTried = now - new Date(receivedAt).getTime() < DAY_MS;
  switch (result) {
    case "processed":
      return eventType in kindWords && eventType !== "unknown"
        ? "Campanile has read it and done what it asks for."
        : "Campanile does not know this kind: it is kept, and nothing was done about it.";
    case "pending":
      return "It is stored and will be processed within a minute.";
    case "waiting":
      return isTried
        ? "It is about a message that is not here yet. Campanile looks again every minute for a day."
        : "It is about a message that never came here; it may have been sent by another tool. Nothing was missed.";
    case "failed":
      return `${errorMessage ?? ""} ${isTried ? "Campanile tries again every minute for a day." : "Campanile does not try again by itself."}`.trim();
  }
}
