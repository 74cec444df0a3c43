/** Every failure the product can name, and the one place where it becomes an HTTP status. */
export const statusOf = {
  UNAUTHENTICATED: 401,
  NOT_FOUND: 404,
  CONFLICT: 409,
  TOO_LARGE: 413,
  INVALID: 422,
  RATE_LIMITED: 429,
  UPSTREAM: 502,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof statusOf;

/** Messages by form field. */
export type FieldErrors = Record<string, string[] | undefined>;

/** A failure we expect and whose message is safe to show. Anything else is a bug and becomes a 500. */
export class AppError extends Error {
  override readonly name = "AppError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly fields?: FieldErrors,
  ) {
    super(message);
  }
}

export const notFound = (what: string) => new AppError("NOT_FOUND", `${what} not found`);
export const conflict = (message: string) => new AppError("CONFLICT", message);
/** Bad input, shown beside the field it belongs to. */
export const invalid = (field: string, message: string) =>
  new AppError("INVALID", message, { [field]: [message] });

/** A stored secret cannot be opened: it was not written for its place, or with a key that is not known. */
export class UnreadableSecretError extends Error {
  override readonly name = "UnreadableSecretError";
}
