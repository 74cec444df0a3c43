import type { IncomingMessage, ServerResponse } from "node:http";
import { readWithin } from "@/lib/request-body";

/** Meta's limit is 1,000 updates and 3 MB a call. */
export const MAX_WEBHOOK_BYTES = 3 * 1024 * 1024;

/** A sender that is told to stop gets this long to notice before the connection ends under it. */
const LINGER_MS = 2000;

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
  readBody(
    request,
    bodyMs,
    (body) => {
      const signature = request.headers["x-hub-signature-256"];
      ingest(body, typeof signature === "string" ? signature : null, call[1]).then(
        (status) => answer(response, status),
        () => answer(response, 503),
      );
    },
    (status) => refuse(request, response, status),
  );
  return true;
}

function readBody(
  request: IncomingMessage,
  bodyMs: number,
  done: (body: Buffer) => void,
  refused: (status: 408 | 413) => void,
): void {
  if (Number(request.headers["content-length"]) > MAX_WEBHOOK_BYTES) {
    refused(413);
    return;
  }
  let chunks: Buffer[] | null = [];
  let bytes = 0;
  const timer = setTimeout(() => {
    chunks = null;
    refused(408);
  }, bodyMs);
  request
    .on("data", (chunk: Buffer) => {
      if (!chunks) return;
      bytes += chunk.length;
      if (bytes <= MAX_WEBHOOK_BYTES) return void chunks.push(chunk);
      chunks = null;
      clearTimeout(timer);
      refused(413);
    })
    .on("end", () => {
      clearTimeout(timer);
      if (!chunks) return;
      const [only] = chunks;
      done(chunks.length === 1 && only ? only : Buffer.concat(chunks));
    })
    .on("error", () => clearTimeout(timer));
}

function answer(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}

/**
 * The answer is sent at once, and what still comes is thrown away: a connection that is closed with unread data resets
 * the sender before it has read the answer.
 */
function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: "close", "content-length": 0 }).flushHeaders();
  const end = () => response.end();
  const timer = setTimeout(end, LINGER_MS).unref();
  request
    .once("close", () => clearTimeout(timer))
    .once("end", end)
    .resume();
}

/** The body of a web request, or null as soon as it is too large. */
export const readWebBody = (request: Request) => readWithin(request, MAX_WEBHOOK_BYTES);
