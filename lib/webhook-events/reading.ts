import * as z from "zod";

/** How Meta's documents are read: what is not as expected is missing, and harms nothing beside it. */

/** Meta's instants are seconds since 1970, as text or number. */
export function instantOf(seconds: unknown): Date | null {
  const at = new Date(Number(seconds) * 1000);
  return at.getTime() > 0 ? at : null;
}

/** The items of a list that can be read. */
export const list = <T extends z.ZodType>(item: T) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((items) => items.flatMap((each) => item.safeParse(each).data ?? []));
export const text = z.string().nullable().catch(null);
export const instant = z.unknown().optional().transform(instantOf);
