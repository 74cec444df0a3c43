import * as z from "zod";
import { OptInSource } from "@/lib/db/generated/enums";
import { daySchema, isStorable, textSchema } from "@/lib/storable";

/**
 * A period in days of the account's time zone: two days and what lies between, with one end open if need be; the last so
 * many days; or not within the last so many days, which includes never.
 */
const periodSchema = z.discriminatedUnion("when", [
  z
    .object({ when: z.literal("between"), from: daySchema.nullable(), to: daySchema.nullable() })
    .refine(({ from, to }) => from !== null || to !== null, "Choose a day"),
  z.object({ when: z.literal("within"), days: z.int().min(1).max(3650) }),
  z.object({ when: z.literal("not_within"), days: z.int().min(1).max(3650) }),
]);
export type Period = z.infer<typeof periodSchema>;

const tag = textSchema.min(1).max(60);
const text = textSchema.min(1).max(200);

/** From this many letters or digits on, a search finds any part of a word; a shorter one finds how names begin. */
export const MIN_SEARCH = 3;
export const isSearchable = (search: string) =>
  wordsOf(search).some((word) => new RegExp(`[\\p{L}\\p{M}\\p{N}]{${MIN_SEARCH}}`, "u").test(word));
/** What a search looks for: each word anywhere, and a number without its spaces, signs and leading zeros. */
export function wordsOf(search: string): string[] {
  const digits = search.replace(/[\s()+./-]/g, "");
  if (/^\d+$/.test(digits)) return [digits.replace(/^0+(?=\d)/, "")];
  return search.toLowerCase().split(/\s+/).filter(Boolean);
}

/** One thing asked about a person. */
export const conditionSchema = z.discriminatedUnion("field", [
  /** `in` agreed, `out` withdrew, `none` was never asked. */
  z.object({ field: z.literal("consent"), is: z.enum(["in", "out", "none"]) }),
  z.object({ field: z.literal("blocked"), is: z.boolean() }),
  z.object({
    field: z.literal("tags"),
    match: z.enum(["any", "all", "none"]),
    tags: z.array(tag).min(1, "Choose at least one tag").max(50),
  }),
  z.object({ field: z.literal("source"), sources: z.array(z.enum(OptInSource)).min(1, "Choose a source") }),
  /** Countries share calling codes: +1 is the United States, Canada and many islands. */
  z.object({
    field: z.literal("calling_code"),
    codes: z
      .array(z.string().regex(/^[1-9]\d{0,3}$/, "Choose a calling code"))
      .min(1, "Choose a calling code")
      .max(50),
  }),
  z.object({ field: z.literal("created"), period: periodSchema }),
  z.object({ field: z.literal("last_message"), period: periodSchema }),
  z.object({ field: z.literal("last_reply"), period: periodSchema }),
  /** `got` was sent it, `replied` has written since. Of a deleted campaign nobody meets any of these. */
  z.object({
    field: z.literal("campaign"),
    did: z.enum(["got", "not_got", "replied", "not_replied"]),
    campaignId: z.uuid("Choose a campaign"),
  }),
  z.object({ field: z.literal("imported"), importId: z.uuid() }),
  z
    .object({
      field: z.literal("custom"),
      key: textSchema.min(1, "Choose a field").max(60),
      match: z.enum(["equals", "contains", "exists", "missing"]),
      value: textSchema.max(200).default(""),
    })
    .refine(({ match, value }) => match === "exists" || match === "missing" || value !== "", {
      path: ["value"],
      message: "Enter a value",
    }),
  z.object({ field: z.literal("search"), text }),
]);
export type Condition = z.infer<typeof conditionSchema>;

/** Whom it means: everybody who meets all conditions; nobody is left out when there are none. */
export const filterSchema = z.array(conditionSchema).max(20, "At most 20 conditions");
export type Filter = z.infer<typeof filterSchema>;

export const sorts = ["newest", "name", "last_reply"] as const;
export type Sort = (typeof sorts)[number];

const filterParam = z
  .string()
  .max(20_000)
  .transform((json, context) => {
    try {
      return JSON.parse(json) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "The filter cannot be read" });
      return z.NEVER;
    }
  })
  // A campaign's audience asks some things more than the filter in it.
  .pipe(z.array(conditionSchema).max(30, "At most 30 conditions"));

/** A filter in an address: the common conditions by name, the others as JSON. */
const addressFields = {
  search: textSchema.max(100).optional(),
  tag: tag.optional(),
  consent: z.enum(["all", "in", "out", "none"]).optional(),
  blocked: z.stringbool().optional(),
  /** Only the people whom this import created. */
  import: z.uuid().optional(),
  filter: filterParam.optional(),
};

/** Strict, as is a selection: of a misspelled condition nothing would be left, which means everybody. */
export const filterAddressSchema = z.strictObject(addressFields);
export const contactListSchema = z.object({
  ...addressFields,
  sort: z.enum(sorts).optional(),
  /** The contact at the edge of the page before or after: its id, and what it is sorted by. */
  cursor: z
    .string()
    .max(500)
    .regex(/^[0-9a-f-]{36}(~.*)?$/is)
    .refine(isStorable)
    .optional(),
  direction: z.enum(["next", "previous"]).optional(),
});
export type FilterAddress = z.infer<typeof filterAddressSchema>;
export type ContactListQuery = z.infer<typeof contactListSchema>;

export function filterOf({
  search,
  tag,
  consent,
  blocked,
  import: importId,
  filter = [],
}: FilterAddress): Filter {
  return [
    ...(search ? [{ field: "search" as const, text: search }] : []),
    ...(consent && consent !== "all" ? [{ field: "consent" as const, is: consent }] : []),
    ...(blocked === undefined ? [] : [{ field: "blocked" as const, is: blocked }]),
    ...(tag ? [{ field: "tags" as const, match: "any" as const, tags: [tag] }] : []),
    ...(importId ? [{ field: "imported" as const, importId }] : []),
    ...filter,
  ];
}

/** The address's part for a filter: the first search and consent by name, the rest as JSON. */
export function addressOf(filter: Filter): Record<string, string | undefined> {
  const search = filter.find(({ field }) => field === "search");
  const consent = filter.find(({ field }) => field === "consent");
  const rest = filter.filter((condition) => condition !== search && condition !== consent);
  return {
    search: search?.field === "search" ? search.text : undefined,
    consent: consent?.field === "consent" ? consent.is : undefined,
    filter: rest.length > 0 ? JSON.stringify(rest) : undefined,
  };
}
