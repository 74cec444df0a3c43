import { type Part, part } from "@/lib/db/pool";
import type { UserId } from "@/lib/tenant";

/**
 * An account whose numbers are looked up one by one. PostgreSQL does not see which it is and takes it for an average one.
 * Of an account that its statistics do not know yet it believes that it has nobody: then any index on the account would
 * do, and each look-up may read all its people.
 */
export const unseen = (userId: UserId): Part => part`(SELECT ${userId}::uuid)`;
