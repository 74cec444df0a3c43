import * as z from "zod";

/**
 * Proof of tenancy: a user id that came from a session, from one of our own events or from a tenant's own row.
 * "inout" because Inngest refuses event schemas whose input and output types differ.
 */
export const userIdSchema = z.string().min(1).brand<"UserId", "inout">();
export type UserId = z.infer<typeof userIdSchema>;
