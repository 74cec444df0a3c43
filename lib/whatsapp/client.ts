import { type Dispatcher, FormData, Pool } from "undici";
import * as z from "zod";
import { env } from "@/lib/env";
import { logger } from "@/lib/logger";

/** Where and as whom to call the Graph API. */
export type GraphAccess = { isSandbox: boolean; accessToken: string };

/**
 * Pipelining stays at 1: behind a reset connection every pipelined request would be ambiguous. There are as many connections
 * as requests: every lane bounds its own, and none waits for those on which another one waits.
 */
const connections = {
  pipelining: 1,
  connect: { timeout: 10_000 },
  keepAliveTimeout: 30_000,
  headersTimeout: 30_000,
  bodyTimeout: 30_000,
};

const graphErrorSchema = z.object({
  error: z.object({
    code: z.number(),
    message: z.string().default(""),
    error_subcode: z.number().optional(),
    error_user_title: z.string().optional(),
    error_user_msg: z.string().optional(),
    error_data: z.object({ details: z.string().optional() }).optional(),
  }),
});

/** An answer of the Graph API that is not a success, or no answer at all (`code` null). */
export class GraphError extends Error {
  override readonly name = "GraphError";

  constructor(
    readonly code: number | null,
    message: string,
    readonly subcode?: number | undefined,
  ) {
    super(message);
  }
}

export const graphUrl = (isSandbox: boolean) => {
  if (!isSandbox) return env.WHATSAPP_GRAPH_URL;
  if (!env.WHATSAPP_SANDBOX_URL) throw new GraphError(null, "This installation has no sandbox");
  return env.WHATSAPP_SANDBOX_URL;
};

type Answer = { status: number; body: unknown; retryAfterMs: number };

/** `body`: a string is JSON already. */
function call(
  access: GraphAccess,
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<Answer> {
  const { pool, prefix } = apiAt(graphUrl(access.isSandbox));
  const authorization = `Bearer ${access.accessToken}`;
  const isForm = body instanceof FormData;
  const request: Dispatcher.DispatchOptions = {
    method,
    path: prefix + path,
    headers:
      body === undefined || isForm
        ? { authorization }
        : { authorization, "content-type": "application/json" },
    body: body === undefined ? null : isForm || typeof body === "string" ? body : JSON.stringify(body),
  };
  return new Promise((resolve, reject) => pool.dispatch(request, new AnswerReader(resolve, reject)));
}

type Api = { pool: Pool; prefix: string };

const apis = new Map<string, Api>();

function apiAt(baseUrl: string): Api {
  let api = apis.get(baseUrl);
  if (!api) {
    const { origin, pathname } = new URL(baseUrl);
    api = { pool: new Pool(origin, connections), prefix: pathname.replace(/\/$/, "") };
    apis.set(baseUrl, api);
  }
  return api;
}

/** Reads one answer to its end. Undici's own way, a stream and two promises, costs a message a quarter of its post. */
class AnswerReader implements Dispatcher.DispatchHandler {
  private hasLeft = false;
  private status = 0;
  private retryAfter: string | string[] | undefined;
  private readonly chunks: Buffer[] = [];

  constructor(
    private readonly resolve: (answer: Answer) => void,
    private readonly reject: (error: Error) => void,
  ) {}

  /** Undici says so when a connection stands, just before it writes the first byte. */
  onRequestStart(): void {
    this.hasLeft = true;
  }

  onResponseStart(_: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    this.status = status;
    this.retryAfter = headers["retry-after"];
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [only = Buffer.alloc(0), ...more] = this.chunks;
    const text = (more.length > 0 ? Buffer.concat(this.chunks) : only).toString();
    const answer = {
      status: this.status,
      body: parseJson(text),
      retryAfterMs: secondsOf(this.retryAfter) * 1000,
    };
    // Undici takes a connection back one turn of the event loop later; who posts before that opens another one.
    setImmediate(() => setImmediate(this.resolve, answer));
  }

  onResponseError(_: unknown, error: Error): void {
    this.reject(this.hasLeft ? error : new NeverLeftError(String(error)));
  }
}

/** Nothing of a request was written: there was no connection, for whatever reason. */
class NeverLeftError extends Error {
  override readonly name = "NeverLeftError";
}

/** RFC 9110, 10.2.3: seconds; a date, which Meta does not send, counts as none. */
function secondsOf(retryAfter: string | string[] | undefined): number {
  const seconds = Number(retryAfter);
  return seconds > 0 && seconds < 3600 ? seconds : 0;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** For everything but sending. Throws GraphError with Meta's words. */
export async function graph<T>(
  access: GraphAccess,
  method: "GET" | "POST" | "DELETE",
  path: string,
  schema: z.ZodType<T>,
  body?: unknown,
): Promise<T> {
  const answer = await call(access, method, path, body).catch(() => {
    throw new GraphError(null, "WhatsApp did not answer");
  });
  const failure = graphErrorSchema.safeParse(answer.body).data?.error;
  if (failure) {
    const words = failure.error_user_msg ?? failure.error_data?.details ?? failure.message;
    throw new GraphError(failure.code, words, failure.error_subcode);
  }
  const parsed = schema.safeParse(answer.body);
  if (answer.status !== 200 || !parsed.success)
    throw new GraphError(null, `WhatsApp answered with status ${answer.status}`);
  return parsed.data;
}

/** What became of one POST to /messages: every case must be handled, none throws. */
export type SendOutcome =
  /** `isHeld`: taken, and kept back until Meta is sure of the template's quality. */
  | { kind: "accepted"; whatsappMessageId: string; waId: string | null; isHeld: boolean }
  /** Meta refused; `code` says why and for whom (lib/whatsapp/errors.ts). */
  | { kind: "refused"; code: number; details: string; retryAfterMs: number }
  /** Nothing was accepted and nothing was said about the message: the connection or the service was down. */
  | { kind: "unreachable" }
  /** The request left and no answer came: Meta may have the message. Never sent again by itself. */
  | { kind: "unknown"; details: string };

/** Meta, "Send messages": `{ messages: [{ id, message_status }], contacts: [{ wa_id }] }`. Read by hand, because it is read for each message. */
function acceptedIn(body: unknown): SendOutcome | null {
  const { messages, contacts } = Object(body);
  const id: unknown = Array.isArray(messages) ? messages[0]?.id : null;
  if (typeof id !== "string") return null;
  const waId: unknown = Array.isArray(contacts) ? contacts[0]?.wa_id : null;
  const isHeld = messages[0]?.message_status === "held_for_quality_assessment";
  return { kind: "accepted", whatsappMessageId: id, waId: typeof waId === "string" ? waId : null, isHeld };
}

export async function sendMessage(
  access: GraphAccess,
  phoneNumberId: string,
  body: unknown,
): Promise<SendOutcome> {
  try {
    return outcomeOf(await call(access, "POST", `/${phoneNumberId}/messages`, body));
  } catch (error) {
    if (error instanceof NeverLeftError || error instanceof GraphError) return { kind: "unreachable" };
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    logger.warn({ code }, "a message was posted and no answer came");
    return { kind: "unknown", details: code || "no answer" };
  }
}

/** For an id that does not exist, or not for this token, Meta says "invalid parameter" and means its code 33. */
const codeOf = ({ code, error_subcode }: { code: number; error_subcode?: number | undefined }) =>
  code === 100 && error_subcode === 33 ? 33 : code;

function outcomeOf({ status, body, retryAfterMs }: Answer): SendOutcome {
  const accepted = status === 200 ? acceptedIn(body) : null;
  if (accepted) return accepted;
  const failure = graphErrorSchema.safeParse(body).data?.error;
  if (failure) {
    const details = failure.error_data?.details ?? failure.message;
    return { kind: "refused", code: codeOf(failure), details, retryAfterMs };
  }
  if (status === 429) return { kind: "refused", code: 130429, details: "status 429", retryAfterMs };
  // A 5xx without Meta's own error may come from a proxy that had already passed the message on.
  return { kind: "unknown", details: `status ${status}` };
}
