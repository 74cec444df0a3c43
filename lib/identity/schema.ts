import * as z from "zod";
import { textSchema } from "@/lib/storable";

/** The other entry of the same person, which goes. */
export const mergeSchema = z.object({ otherId: z.uuid("Choose a contact") });

/** The address of the page: what is searched for, and who was chosen. */
export const mergePageSchema = z.object({
  search: textSchema.max(100).optional().catch(undefined),
  with: z.uuid().optional().catch(undefined),
});
