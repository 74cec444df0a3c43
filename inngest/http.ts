import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { readWithin, receiveWithin } from "@/lib/request-body";

/**
 * Inngest puts up to 4 MB of what a run has done into a call and has the rest fetched; its envelope comes on top. Read
 * before the signature is checked, so that anybody may send it.
 */
export const MAX_CALL_BYTES = 8 * 1024 * 1024;

/** From a call's first byte to its last. */
const BODY_MS = 60_000;

const path = /^\/api\/inngest(?:\?|$)/;

/** Answers the job engine in plain node:http. False when the request is not its. */
export function handleCall(
  request: IncomingMessage,
  response: ServerResponse,
  serve: RequestListener,
): boolean {
  if (!path.test(request.url ?? "/")) return false;
  receiveWithin(request, response, { maxBytes: MAX_CALL_BYTES, ms: BODY_MS }, (body) =>
    serve(withBody(request, body), response),
  );
  return true;
}

/** What Inngest reads of a request, for it to read the body itself. */
function withBody({ method, url, headers, socket }: IncomingMessage, body: Buffer): IncomingMessage {
  return Object.assign(Readable.from([body]), { method, url, headers, socket }) as unknown as IncomingMessage;
}

/** The same for a handler of web requests: 413 as soon as the body is too large. */
export const limited =
  (handle: (request: Request) => Promise<Response>) =>
  async (request: Request): Promise<Response> => {
    const body = await readWithin(request, MAX_CALL_BYTES);
    return body ? handle(new Request(request, { body })) : new Response(null, { status: 413 });
  };
