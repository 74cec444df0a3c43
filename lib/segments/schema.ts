import * as z from "zod";
import { filterSchema } from "@/lib/contact-filters/schema";

export const segmentSchema = z.object({
  name: z.string().trim().min(1, "Name the segment").max(80, "Use at most 80 characters"),
  filter: filterSchema.min(1, "Add at least one condition"),
});
export type SegmentInput = z.infer<typeof segmentSchema>;

export const segmentIdSchema = z.object({ segmentId: z.uuid() });
