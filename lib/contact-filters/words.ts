import type { Condition, Period } from "@/lib/contact-filters/schema";
import type { OptInSource } from "@/lib/db/generated/enums";

/** What a filter's ids stand for; an id that is not here is of something deleted. */
export type Names = { campaigns: Record<string, string>; imports: Record<string, string> };

export const sourceWords: Record<OptInSource, string> = {
  manual: "added by hand",
  csv: "imported",
  api: "through the API",
  webhook: "wrote first",
};

export const consentWords = { in: "opted in", out: "opted out", none: "not asked" } as const;

const dayFormat = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });
const day = (date: string) => dayFormat.format(new Date(`${date}T00:00:00Z`));
const days = (count: number) => (count === 1 ? "day" : `${count} days`);

function periodWords(period: Period): string {
  if (period.when === "within") return `in the last ${days(period.days)}`;
  if (period.when === "not_within") return `not in the last ${days(period.days)}`;
  const { from, to } = period;
  if (from && to) return from === to ? `on ${day(from)}` : `${day(from)} to ${day(to)}`;
  return from ? `since ${day(from)}` : `until ${day(to ?? "")}`;
}

const list = (words: string[], last: string) =>
  new Intl.ListFormat("en", { type: last === "and" ? "conjunction" : "disjunction" }).format(words);

const campaignWords = {
  got: "Got",
  not_got: "Did not get",
  replied: "Wrote after",
  not_replied: "Did not write after",
} as const;

/** A condition as its chip says it. */
export function wordsFor(condition: Condition, { campaigns, imports }: Names): string {
  switch (condition.field) {
    case "consent":
      return `Consent: ${consentWords[condition.is]}`;
    case "blocked":
      return condition.is ? "Blocked" : "Not blocked";
    case "tags":
      return condition.match === "none"
        ? `Not tagged ${list(condition.tags, "or")}`
        : `Tagged ${list(condition.tags, condition.match === "all" ? "and" : "or")}`;
    case "source":
      return `Source: ${list(
        condition.sources.map((source) => sourceWords[source]),
        "or",
      )}`;
    case "calling_code":
      return `Number begins with ${list(
        condition.codes.map((code) => `+${code}`),
        "or",
      )}`;
    case "created":
      return `Added ${periodWords(condition.period)}`;
    case "last_message":
      return `Last message to them ${periodWords(condition.period)}`;
    case "last_reply":
      return `Last wrote ${periodWords(condition.period)}`;
    case "campaign":
      return `${campaignWords[condition.did]} ${campaigns[condition.campaignId] ?? "a deleted campaign"}`;
    case "imported":
      return `Added by the import ${imports[condition.importId] ?? "of a file"}`;
    case "custom":
      if (condition.match === "exists") return `Has ${condition.key}`;
      if (condition.match === "missing") return `Has no ${condition.key}`;
      return `${condition.key} ${condition.match === "equals" ? "is" : "contains"} ${condition.value}`;
    case "search":
      return `Search: ${condition.text}`;
  }
}
