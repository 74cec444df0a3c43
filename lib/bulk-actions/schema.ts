import * as z from "zod";
import { filterSchema } from "@/lib/contact-filters/schema";
import { tagSchema } from "@/lib/contacts/schema";
import { BulkActionKind } from "@/lib/db/generated/enums";

/** Certain people, or all whom a filter means. */
export const selectionSchema = z.union([
  z.strictObject({ ids: z.array(z.uuid()).min(1, "Choose somebody").max(10_000, "At most 10,000 at once") }),
  z.strictObject({ filter: filterSchema }),
]);
export type Selection = z.infer<typeof selectionSchema>;

export const bulkActionSchema = z
  .object({
    kind: z.enum(BulkActionKind),
    tags: z.array(tagSchema).max(10, "At most 10 tags at once").default([]),
    selection: selectionSchema,
  })
  .refine(({ kind, tags }) => (kind !== "tag" && kind !== "untag") || tags.length > 0, {
    path: ["tags"],
    message: "Enter a tag",
  });
export type BulkActionInput = z.infer<typeof bulkActionSchema>;

export const bulkActionIdSchema = z.object({ bulkActionId: z.uuid() });
