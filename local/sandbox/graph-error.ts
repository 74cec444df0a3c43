import { errorTable } from "./error-table";
import { newTraceId } from "./ids";

type Extras = {
  message?: string;
  details?: string;
  subcode?: number;
  type?: string;
  http?: number;
  userTitle?: string;
  userMessage?: string;
};

/** A refusal in the shape of "Error codes > Error response" of the Cloud API pages. */
export class GraphError extends Error {
  override readonly name = "GraphError";
  readonly http: number;

  constructor(
    readonly code: number,
    private readonly extras: Extras = {},
  ) {
    super(extras.message ?? `(#${code}) ${errorTable[code]?.[1] ?? "Unknown error"}`);
    this.http = extras.http ?? errorTable[code]?.[0] ?? 400;
  }

  get details(): string | null {
    return this.extras.details ?? null;
  }

  /** Generic Graph errors (bad token, unknown id) carry no `error_data`; messaging errors do. */
  toBody(): string {
    const { details, subcode, type, userTitle, userMessage } = this.extras;
    return JSON.stringify({
      error: {
        message: this.message,
        type: type ?? "OAuthException",
        code: this.code,
        ...(details !== undefined && { error_data: { messaging_product: "whatsapp", details } }),
        ...(subcode !== undefined && { error_subcode: subcode }),
        ...(userTitle !== undefined && { is_transient: false, error_user_title: userTitle }),
        ...(userMessage !== undefined && { error_user_msg: userMessage }),
        fbtrace_id: newTraceId(),
      },
    });
  }
}

/** A code of the table with its documented details, or with better ones. */
export const refusal = (code: number, details = errorTable[code]?.[2] ?? "", http?: number): GraphError =>
  new GraphError(code, { details, ...(http !== undefined && { http }) });

/** "(#100) ..." without `error_data`, the form that parameter checks of the Graph layer take. */
export const badParameter = (message: string): GraphError =>
  new GraphError(100, { message: `(#100) ${message}` });

export const missingParameter = (name: string): GraphError =>
  badParameter(`The parameter ${name} is required.`);

/** "(#100) Invalid parameter" with `error_data`, the form that the messaging layer takes. */
export const invalidParameter = (details: string): GraphError =>
  new GraphError(100, { message: "(#100) Invalid parameter", details });

/** The same answer for an id that is unknown and for one that belongs to somebody else. */
export const unknownObject = (method: string, id: string): GraphError =>
  new GraphError(100, {
    message:
      `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to ` +
      "missing permissions, or does not support this operation. " +
      "Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api",
    type: "GraphMethodException",
    subcode: 33,
  });

/** A refusal of the template manager: code 100 with a subcode and words for the person who wrote the template. */
export const templateError = (subcode: number | null, userTitle: string, userMessage: string): GraphError =>
  new GraphError(100, {
    message: "Invalid parameter",
    ...(subcode !== null && { subcode }),
    userTitle,
    userMessage,
  });
