import * as z from "zod";
import { wordsSchema } from "@/lib/contact-filters/schema";

/** The other entry of the same person, which goes. */
export const mergeSchema = z.object({ otherId: z.uuid("Choose a contact") });

/** The address of the page: what is searched for, and who was chosen. */
export const mergePageSchema = z.object({
  search: wordsSchema.max(100).optional().catch(undefined),
  with: z.uuid().optional().catch(undefined),
});
