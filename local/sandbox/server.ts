import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Admin } from "./admin";
import { faultError, type Responder } from "./answering";
import type { Answer } from "./call";
import type { Faults } from "./faults";
import type { GraphCall } from "./graph";
import { badParameter, GraphError, unknownObject } from "./graph-error";
import { newTraceId } from "./ids";
import type { createMedia } from "./media";
import type { SendCall } from "./messages";
import type { Settings } from "./settings";

const newestVersion = "v26.0";
const oldestVersion = 21;
const maxBodyBytes = 110 * 1024 * 1024;

type Dependencies = {
  settings: Settings;
  faults: Faults;
  media: ReturnType<typeof createMedia>;
  messages: { send: (call: SendCall) => void };
  graph: (call: GraphCall) => Promise<Answer>;
  admin: Admin;
  baseUrl: () => string;
};

type Target = { path: string[]; query: URLSearchParams; version: string };

const noQuery = new URLSearchParams();

/** The HTTP side: takes requests apart, finds who answers, and writes answers as Graph does. */
export function createServer(dependencies: Dependencies): Server {
  const { settings, faults, media, messages, graph, admin, baseUrl } = dependencies;

  function receive(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBodyBytes) return request.destroy();
      chunks.push(chunk);
    });
    request.on("end", () => {
      const raw = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
      route(request, response, raw).catch((cause: unknown) => {
        console.error("sandbox: unexpected failure", cause);
        if (!response.headersSent) writeJson(response, 500, new GraphError(1).toBody(), newestVersion);
      });
    });
    request.on("error", () => response.destroy());
  }

  async function route(request: IncomingMessage, response: ServerResponse, raw: Buffer): Promise<void> {
    const target = readTarget(request.url ?? "/");
    const [first, second] = target.path;
    const method = request.method ?? "GET";
    if (first === "_sandbox")
      return admin({ method, path: target.path.slice(1), query: target.query, raw }, response);

    const bearer = tokenOf(request, target.query);
    if (
      method === "POST" &&
      target.path.length === 2 &&
      (second === "messages" || second === "marketing_messages")
    ) {
      return messages.send({
        phoneNumberId: first ?? "",
        endpoint: second,
        token: bearer,
        proof: target.query.get("appsecret_proof"),
        raw: raw.toString("utf8"),
        responder: responderOf(response, target.version),
      });
    }
    const answer = await answerGraph(method, target, request, raw, bearer, response);
    if (answer) writeAnswer(response, answer, target.version);
  }

  async function answerGraph(
    method: string,
    target: Target,
    request: IncomingMessage,
    raw: Buffer,
    bearer: string | null,
    response: ServerResponse,
  ): Promise<Answer | null> {
    try {
      if (Number(target.version.slice(1)) < oldestVersion) {
        throw new GraphError(2635, {
          message: `(#2635) You are calling a deprecated version of the API (${target.version}).`,
        });
      }
      const struck = await strike(target.path.join("/"), response);
      if (struck === "gone") return null;
      if (struck) return struck;
      if (target.path[0] === "_media")
        return media.download(target.path[1] ?? "", bearer, request.headers.range);
      if (target.path.length === 0) throw unknownObject(method, "");
      const selfUrl = `${baseUrl()}/${[target.version, ...target.path].join("/")}`;
      return await graph({
        method,
        path: target.path,
        selfUrl,
        query: target.query,
        headers: request.headers,
        raw,
        bearer,
      });
    } catch (error) {
      if (error instanceof GraphError) return errorAnswer(error);
      if (error instanceof SyntaxError) return errorAnswer(badParameter("Invalid JSON in a parameter."));
      throw error;
    }
  }

  /** Fault rules for calls other than sends. */
  async function strike(path: string, response: ServerResponse): Promise<Answer | "gone" | null> {
    const fault = faults.onCall(path);
    switch (fault?.kind) {
      case "graph_error":
        return { ...errorAnswer(faultError(fault)), ...(fault.headers && { headers: fault.headers }) };
      case "http":
        return {
          status: fault.status,
          body: null,
          bytes: Buffer.from(fault.body),
          ...(fault.headers && { headers: fault.headers }),
        };
      case "drop":
        response.destroy();
        return "gone";
      case "hang":
        return "gone";
      case "delay":
        await new Promise((resolve) => setTimeout(resolve, fault.ms));
        return null;
      default:
        return null;
    }
  }

  function errorAnswer(error: GraphError): Answer {
    const status = [4, 80007, 130429].includes(error.code) ? settings.rateLimitStatus : error.http;
    return {
      status,
      body: null,
      bytes: Buffer.from(error.toBody()),
      headers: { "content-type": "application/json; charset=UTF-8", ...challengeHeader(error.message) },
    };
  }

  return createHttpServer({ keepAliveTimeout: 60_000, noDelay: true }, receive);
}

/** `/v23.0/123/messages?x=1` without its version; a path without one is served by the newest. */
function readTarget(url: string): Target {
  const mark = url.indexOf("?");
  const path = (mark < 0 ? url : url.slice(0, mark)).split("/").filter(Boolean);
  const versioned = /^v\d+\.\d+$/.test(path[0] ?? "");
  return {
    version: versioned ? (path[0] ?? newestVersion) : newestVersion,
    path: versioned ? path.slice(1) : path,
    query: mark < 0 ? noQuery : new URLSearchParams(url.slice(mark + 1)),
  };
}

/** `Bearer`, or `OAuth` for the bytes of a resumable upload, or the query. */
function tokenOf(request: IncomingMessage, query: URLSearchParams): string | null {
  const { authorization } = request.headers;
  if (authorization?.startsWith("Bearer ")) return authorization.slice(7).trim();
  if (authorization?.startsWith("OAuth ")) return authorization.slice(6).trim();
  return query.get("access_token");
}

const challengeHeader = (message: string) => ({
  "www-authenticate": `OAuth "Facebook Platform" "invalid_request" "${message.replace(/[^\x20-\x7e]|"/g, "'")}"`,
});

function graphHeaders(version: string): Record<string, string> {
  const trace = newTraceId();
  return { "facebook-api-version": version, "x-fb-request-id": trace, "x-fb-trace-id": trace };
}

function writeJson(
  response: ServerResponse,
  status: number,
  body: string,
  version: string,
  headers?: Readonly<Record<string, string>>,
): void {
  const isJson = body.startsWith("{");
  const head = graphHeaders(version);
  head["content-type"] = isJson ? "application/json; charset=UTF-8" : "text/html; charset=utf-8";
  head["content-length"] = String(Buffer.byteLength(body));
  response.writeHead(status, headers ? Object.assign(head, headers) : head);
  response.end(body);
}

function writeAnswer(
  response: ServerResponse,
  { status, body, bytes, headers }: Answer,
  version: string,
): void {
  if (bytes === undefined) writeJson(response, status, JSON.stringify(body), version, headers);
  else {
    response.writeHead(status, { "content-length": bytes.length, ...graphHeaders(version), ...headers });
    response.end(bytes);
  }
}

function responderOf(response: ServerResponse, version: string): Responder {
  return {
    send: (status, body, headers) => writeJson(response, status, body, version, headers),
    drop: () => response.destroy(),
    truncate: (status, body) => {
      response.writeHead(status, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      });
      response.write(body.slice(0, body.length / 2), () => response.destroy());
    },
  };
}
