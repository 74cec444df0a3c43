import type { IncomingMessage, ServerResponse } from "node:http";
import { readWithin, receiveWithin } from "@/lib/request-body";

/** Meta's limit is 1,000 updates and 3 MB a call. */
export const MAX_WEBHOOK_BYTES = 3 * 1024 * 1024;

/** From a call's first byte to its last: Meta sends a body at once. */
const BODY_MS = 20_000;

type Ingest = (body: Uint8Array, signature: string | null, accountKey: string | undefined) => Promise<number>;

const path = /^\/api\/webhooks(?:\/([^/?]+))?\/?(?:\?|$)/;

/** Answers Meta's webhook in plain node:http. False when the request is none. */
export function handleWebhook(
  request: IncomingMessage,
  response: ServerResponse,
  ingest: Ingest,
  bodyMs = BODY_MS,
): boolean {
  const call = request.method === "POST" ? path.exec(request.url ?? "/") : null;
  if (!call) return false;
  receiveWithin(request, response, { maxBytes: MAX_WEBHOOK_BYTES, ms: bodyMs }, (body) => {
    const signature = request.headers["x-hub-signature-256"];
    ingest(body, typeof signature === "string" ? signature : null, call[1]).then(
      (status) => answer(response, status),
      () => answer(response, 503),
    );
  });
  return true;
}

function answer(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}

/** The body of a web request, or null as soon as it is too large. */
export const readWebBody = (request: Request) => readWithin(request, MAX_WEBHOOK_BYTES);
