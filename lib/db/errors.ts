/** Prisma's and PostgreSQL's error codes are stable; the shape of their details is not, so only codes are read. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

export const isDuplicate = (error: unknown) => ["P2002", "23505"].includes(codeOf(error) ?? "");
export const isMissingRow = (error: unknown) => codeOf(error) === "P2025";
/** A row that others still point to, or that points to something of another tenant. */
export const isBrokenReference = (error: unknown) => ["P2003", "23503"].includes(codeOf(error) ?? "");
/** What was to be written cannot be: bad data (22), a broken constraint (23), more than the server can hold (54). */
export const isBadData = (error: unknown) => /^(?:22|23|54)/.test(codeOf(error) ?? "");
/** The database is there and refused this statement: its data, or others were in the way (40, 55, 57014). */
export const isRefused = (error: unknown) => isBadData(error) || /^(?:40|55|57014)/.test(codeOf(error) ?? "");
/** Others held the rows for too long, or stood in a circle with this statement: the same may work in a moment. */
export const isInTheWay = (error: unknown) => ["40P01", "40001", "55P03"].includes(codeOf(error) ?? "");
/** The statement took longer than it was given. */
export const isTimeout = (error: unknown) => codeOf(error) === "57014";
