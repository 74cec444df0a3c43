import type { KeptAudience, Parameter, RecipientListQuery } from "@/lib/campaigns/schema";
import type { CampaignStatus } from "@/lib/db/generated/enums";

export const statusWords = {
  draft: "Draft",
  scheduled: "Scheduled",
  processing: "Sending",
  paused: "Paused",
  completed: "Completed",
  failed: "Failed",
  canceled: "Canceled",
} as const satisfies Record<CampaignStatus, string>;

const builtInFields: Record<string, string> = {
  firstName: "First name",
  name: "Full name",
  phone: "Phone number",
  email: "E-mail address",
};

export const builtInFieldNames = Object.keys(builtInFields);

const METADATA = "metadata.";
export const customField = (key: string) => `${METADATA}${key}`;

/** "First name" for `firstName`, "City" for `metadata.City`. */
export const fieldLabel = (field: string) =>
  builtInFields[field] ?? (field.startsWith(METADATA) ? field.slice(METADATA.length) : field);

/** Stands in a preview for what differs from person to person. */
export const placeholderOf = (parameter: Parameter) =>
  typeof parameter === "string" ? parameter : `[${fieldLabel(parameter.field)}]`;

export const describeParameter = (parameter: Parameter) =>
  typeof parameter === "string"
    ? `“${parameter}” for everybody`
    : `${fieldLabel(parameter.field)}, or “${parameter.fallback}” where it is missing`;

const quote = (tags: string[], conjunction: "and" | "or") =>
  new Intl.ListFormat("en-GB", { type: conjunction === "and" ? "conjunction" : "disjunction" }).format(
    tags.map((tag) => `“${tag}”`),
  );

/** The conditions themselves are said beside it. */
export function describeAudience({ tags, match, excludeTags, segment, filter }: KeptAudience): string {
  const asked = [
    ...(tags.length > 0 ? [`are tagged ${quote(tags, match === "all" ? "and" : "or")}`] : []),
    ...(segment ? [`belong to the segment “${segment.name}”`] : []),
    ...(filter.length > 0 ? ["meet all conditions"] : []),
  ];
  const who =
    asked.length === 0
      ? "Everybody who opted in"
      : `People who ${new Intl.ListFormat("en-GB").format(["opted in", ...asked])}`;
  return excludeTags.length === 0 ? who : `${who}, except those tagged ${quote(excludeTags, "or")}`;
}

export type RecipientState = NonNullable<RecipientListQuery["state"]>;

/** Cumulative states first: a person who read the message is also under Sent and Delivered. */
export const recipientStateWords = {
  reached_sent: "Sent",
  reached_delivered: "Delivered",
  read: "Read",
  reached_failed: "Failed",
  queued: "Waiting",
  sending: "Being sent",
  held: "Held by WhatsApp",
  unknown: "Not known",
  skipped: "Skipped",
  sent: "Sent, not delivered yet",
  delivered: "Delivered, not read yet",
  failed: "Failed for good",
} as const satisfies Record<RecipientState, string>;
