/** Prisma's and PostgreSQL's error codes are stable; the shape of their details is not, so only codes are read. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

export const isDuplicate = (error: unknown) => ["P2002", "23505"].includes(codeOf(error) ?? "");
export const isMissingRow = (error: unknown) => codeOf(error) === "P2025";
/** A row that others still point to, or that points to something of another tenant. */
export const isBrokenReference = (error: unknown) => ["P2003", "23503"].includes(codeOf(error) ?? "");
