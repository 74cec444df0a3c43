import type { KeptAudience } from "@/lib/campaigns/schema";
import type { Filter } from "@/lib/contact-filters/schema";

/** Who may get campaigns at all. What an audience says is asked beside this and can only leave people out. */
export const reachable: Filter = [
  { field: "consent", is: "in" },
  { field: "blocked", is: false },
];

/** What an audience asks of people; null while its segment is not known, which must never mean everybody. */
export function conditionsOf(audience: KeptAudience): Filter | null {
  const { tags, match, excludeTags, segmentId, segment, filter } = audience;
  if (segmentId !== null && !segment) return null;
  return [
    ...(tags.length > 0 ? [{ field: "tags" as const, match, tags }] : []),
    ...(excludeTags.length > 0
      ? [{ field: "tags" as const, match: "none" as const, tags: excludeTags }]
      : []),
    ...(segment?.filter ?? []),
    ...filter,
  ];
}
