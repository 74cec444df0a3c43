import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import * as z from "zod";
import { opsSchema } from "./call";
import { type Event, inboundEvent } from "./events";
import type { CheckpointResult, Executor } from "./executor";
import type { Registry } from "./registry";
import { seededUlid } from "./ulid";

const MAX_BODY_BYTES = 32 * 1024 * 1024;
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

type Answer = { status: number; body: unknown };
type Route = {
  method: string;
  path: RegExp;
  handle: (request: {
    params: string[];
    body: () => Promise<unknown>;
    header: (name: string) => string | undefined;
  }) => Answer | Promise<Answer>;
};

type Dependencies = {
  registry: Registry;
  executor: Executor;
  receive: (event: Event) => void;
  overview: () => unknown;
};

class BadRequest extends Error {}

const checkpoint = z.object({ qi_id: z.string(), generation_id: z.int().optional(), steps: opsSchema });

const checkpointStatus: Record<CheckpointResult, number> = {
  saved: 200,
  "unknown run": 404,
  stale: 409,
  unsupported: 400,
};

const ok = (body: unknown): Answer => ({ status: 200, body });
const problem = (status: number, error: string): Answer => ({ status, body: { error, status } });

/** The HTTP face of the engine: the event API, the sync endpoint and what the SDK asks while it runs steps. */
export function createHttpServer({ registry, executor, receive, overview }: Dependencies) {
  const routes: Route[] = [
    { method: "GET", path: /^\/$/, handle: () => ok(overview()) },
    { method: "GET", path: /^\/health$/, handle: () => ok({ status: 200, message: "OK" }) },
    {
      method: "GET",
      path: /^\/dev$/,
      handle: () =>
        ok({
          version: "local",
          functions: registry.list().flatMap(({ functions }) => functions),
          handlers: [],
        }),
    },
    {
      method: "POST",
      path: /^\/fn\/register$/,
      async handle({ body, header }) {
        const expected = header("x-inngest-expected-server-kind");
        if (expected && expected !== "dev") return problem(400, `Expected server kind ${expected}, got dev`);
        const request = await body();
        try {
          return ok({ ok: true, ...registry.register(request) });
        } catch (error) {
          return problem(400, error instanceof Error ? error.message : String(error));
        }
      },
    },
    {
      method: "POST",
      path: /^\/e\/[^/]+$/,
      async handle({ body, header }) {
        const sent = await body();
        const parsed = z
          .array(inboundEvent)
          .max(5_000)
          .safeParse(Array.isArray(sent) ? sent : [sent]);
        if (!parsed.success)
          return { status: 400, body: { ids: [], status: 400, error: z.prettifyError(parsed.error) } };
        const seed = header("x-inngest-event-id-seed");
        const ids = parsed.data.map((event, position) => {
          const id = seededUlid(seed, position + 1);
          receive({ ...event, id: event.id ?? id });
          return id;
        });
        return ok({ ids, status: 200 });
      },
    },
    {
      method: "GET",
      path: /^\/v0\/runs\/([^/]+)\/(batch|actions)$/,
      handle({ params: [runId = "", what] }) {
        const run = executor.find(runId);
        if (!run) return problem(404, "There is no such run under way");
        return ok(what === "batch" ? run.events : Object.fromEntries(run.steps));
      },
    },
    {
      method: "POST",
      path: /^\/v1\/checkpoint\/([^/]+)\/async$/,
      async handle({ params: [runId = ""], body }) {
        const parsed = checkpoint.safeParse(await body());
        if (!parsed.success) return problem(400, z.prettifyError(parsed.error));
        const { qi_id, generation_id, steps } = parsed.data;
        const result = executor.checkpoint(runId, qi_id, generation_id, steps);
        return result === "saved"
          ? ok({})
          : problem(checkpointStatus[result], `Checkpoint refused: ${result}`);
      },
    },
  ];

  async function answer(request: IncomingMessage): Promise<Answer> {
    // A web page in a browser on this machine could reach the engine too; nothing that belongs here sends these.
    if (request.headers.origin || !LOOPBACK.test(request.headers.host ?? ""))
      return problem(403, "Forbidden");
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    for (const { method, path, handle } of routes) {
      const match = path.exec(pathname);
      if (!match || method !== request.method) continue;
      return await handle({
        params: match.slice(1).map(decodeURIComponent),
        body: () => readJson(request),
        header: (name) => request.headers[name]?.toString(),
      });
    }
    return problem(501, `${request.method} ${pathname} is not part of the local engine`);
  }

  return createServer(async (request, response) => {
    send(response, await answer(request).catch(toProblem));
  });
}

function toProblem(error: unknown): Answer {
  if (error instanceof BadRequest || error instanceof URIError) return problem(400, error.message);
  return problem(500, String(error));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new BadRequest("The body is too large");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new BadRequest("The body is not valid JSON");
  }
}

function send(response: ServerResponse, { status, body }: Answer) {
  response.writeHead(status, { "content-type": "application/json", "x-inngest-server-kind": "dev" });
  response.end(JSON.stringify(body, null, 2));
}
