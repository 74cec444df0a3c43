import type { IncomingMessage, ServerResponse } from "node:http";

/** The body of a request, or null as soon as it is larger: nobody's memory holds more than that of it. */
export async function readWithin(
  request: Request,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers.get("content-length")) > maxBytes) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Uploads of files, each as long as its line is slow; whoever falls silent is cut off by whoever reads them. */
const uploads = /^\/api\/(?:imports|media)\/?(?:\?|$)/;

/** From a request's first byte to its last, where it is no upload. */
const REQUEST_MS = 5 * 60_000;

/**
 * Ends a connection whose request has not come to its end within `ms`: an upload's from when it was answered, because what
 * follows is thrown away.
 */
export function endSlow(request: IncomingMessage, response: ServerResponse, ms = REQUEST_MS): void {
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    timer = setTimeout(() => request.complete || request.destroy(), ms).unref();
  };
  if (request.method === "POST" && uploads.test(request.url ?? "/")) response.once("finish", wait);
  else wait();
  request.once("close", () => clearTimeout(timer));
}

/** A sender that is told to stop gets this long to notice before the connection ends under it. */
const LINGER_MS = 2000;

/**
 * The same in plain node:http. `done` gets the body; a sender of a larger one is answered with 413, and one whose body
 * takes longer than `ms` with 408.
 */
export function receiveWithin(
  request: IncomingMessage,
  response: ServerResponse,
  { maxBytes, ms }: { maxBytes: number; ms: number },
  done: (body: Buffer) => void,
): void {
  if (Number(request.headers["content-length"]) > maxBytes) {
    refuse(request, response, 413);
    return;
  }
  let chunks: Buffer[] | null = [];
  let bytes = 0;
  const timer = setTimeout(() => {
    chunks = null;
    refuse(request, response, 408);
  }, ms);
  request
    .on("data", (chunk: Buffer) => {
      if (!chunks) return;
      bytes += chunk.length;
      if (bytes <= maxBytes) return void chunks.push(chunk);
      chunks = null;
      clearTimeout(timer);
      refuse(request, response, 413);
    })
    .on("end", () => {
      clearTimeout(timer);
      if (!chunks) return;
      const [only] = chunks;
      done(chunks.length === 1 && only ? only : Buffer.concat(chunks));
    })
    .on("error", () => clearTimeout(timer));
}

/**
 * The answer is sent at once, and what still comes is thrown away: a connection that is closed with unread data resets
 * the sender before it has read the answer.
 */
function refuse(request: IncomingMessage, response: ServerResponse, status: 408 | 413): void {
  response.writeHead(status, { connection: "close", "content-length": 0 }).flushHeaders();
  const end = () => response.end();
  const timer = setTimeout(end, LINGER_MS).unref();
  request
    .once("close", () => clearTimeout(timer))
    .once("end", end)
    .resume();
}
