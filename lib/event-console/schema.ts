import * as z from "zod";
import { daySchema } from "@/lib/storable";

/** What became of an event: `waiting` for a message that it is about, `pending` while nobody has processed it. */
export const eventResults = ["processed", "pending", "waiting", "failed"] as const;
export type EventResult = (typeof eventResults)[number];

/** A form in the address leaves what was not filled in empty. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.union([z.literal("").transform(() => undefined), schema]).optional();

const kind = z.string().regex(/^\w{1,60}$/);
const search = z
  .string()
  .trim()
  .max(200, "Search for at most 200 characters")
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "Search for one line of text");

const days = {
  kind: optional(kind),
  result: optional(z.enum(eventResults)),
  /** Days of the account's time zone, both included. */
  from: optional(daySchema),
  to: optional(daySchema),
  search: optional(search),
};

const isInOrder = ({ from, to }: { from?: string | undefined; to?: string | undefined }) =>
  !from || !to || from <= to;
const outOfOrder = { path: ["to"], error: "The last day is before the first" };

/** What the owner asks for. */
export const eventQuerySchema = z.object(days).refine(isInOrder, outOfOrder);
export type EventQuery = z.infer<typeof eventQuerySchema>;

export const eventListSchema = z
  .object({ ...days, cursor: optional(z.uuid()), direction: optional(z.enum(["next", "previous"])) })
  .refine(isInOrder, outOfOrder);
export type EventListQuery = z.infer<typeof eventListSchema>;

/** The same in instants: from the first on, and before the second. */
export const eventFilterSchema = z.object({
  kind: kind.optional(),
  result: z.enum(eventResults).optional(),
  from: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
  search: search.optional(),
});
export type EventFilter = z.infer<typeof eventFilterSchema>;

export const eventParamsSchema = z.object({ eventId: z.uuid() });
