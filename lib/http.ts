import { unstable_rethrow } from "next/navigation";
import * as z from "zod";
import { authenticate } from "@/lib/auth";
import { isBrokenReference, isDuplicate, isMissingRow } from "@/lib/db/errors";
import { AppError, type ErrorCode, type FieldErrors, statusOf } from "@/lib/errors";
import { logger } from "@/lib/logger";
import { readWithin } from "@/lib/request-body";
import { isStorable, NOT_STORABLE } from "@/lib/storable";
import type { UserId } from "@/lib/tenant";

type Schemas = { params?: z.ZodType; query?: z.ZodType; body?: z.ZodType };
type Parsed<S extends Schemas> = { [K in keyof S]: S[K] extends z.ZodType ? z.infer<S[K]> : never };
type Context = { params: Promise<unknown> };

/** A JSON body larger than this is not ours; files are streamed by their own route. */
const MAX_BODY_BYTES = 1024 * 1024;

/** A route handler for the signed-in user: authenticate, parse, run, serialise, and map every error. */
export function userRoute<S extends Schemas>(
  schemas: S,
  handle: (input: Parsed<S> & { userId: UserId; request: Request }) => Promise<unknown>,
) {
  return answering(async (request, context) => {
    const userId = await authenticate();
    return handle({ ...(await parse(schemas, request, context)), userId, request });
  });
}

/** A route handler for anybody. */
export function publicRoute<S extends Schemas>(
  schemas: S,
  handle: (input: Parsed<S> & { request: Request }) => Promise<unknown>,
) {
  return answering(async (request, context) =>
    handle({ ...(await parse(schemas, request, context)), request }),
  );
}

function answering(respond: (request: Request, context: Context) => Promise<unknown>) {
  return async (request: Request, context: Context): Promise<Response> => {
    try {
      const result = await respond(request, context);
      return result instanceof Response ? result : Response.json(result ?? null);
    } catch (error) {
      return toResponse(error);
    }
  };
}

async function parse<S extends Schemas>(schemas: S, request: Request, context: Context): Promise<Parsed<S>> {
  const input = {
    params: parseParams(schemas.params, await context.params),
    query: schemas.query && parseInput(schemas.query, Object.fromEntries(new URL(request.url).searchParams)),
    body: schemas.body && parseInput(schemas.body, await readJson(request)),
  };
  return input as unknown as Parsed<S>; // TypeScript cannot follow the mapped type; the tests can.
}

function parseInput(schema: z.ZodType, input: unknown) {
  const parsed = schema.parse(input);
  if (!isStorable(parsed)) throw new AppError("INVALID", NOT_STORABLE);
  return parsed;
}

/** An id that cannot exist is treated like one that does not. */
function parseParams(schema: z.ZodType | undefined, params: unknown) {
  const parsed = schema?.safeParse(params);
  if (parsed && !parsed.success) throw new AppError("NOT_FOUND", "Not found");
  return parsed?.data;
}

export function toResponse(error: unknown): Response {
  unstable_rethrow(error); // Next steers by throwing: redirects, notFound, prerender bail-outs.
  if (error instanceof z.ZodError) {
    return problem("INVALID", "Check the highlighted fields", z.flattenError(error).fieldErrors);
  }
  if (error instanceof AppError) return problem(error.code, error.message, error.fields);
  if (isMissingRow(error)) return problem("NOT_FOUND", "Not found");
  if (isDuplicate(error)) return problem("CONFLICT", "That already exists");
  if (isBrokenReference(error)) return problem("CONFLICT", "Something else still uses this");
  logger.error({ error: error instanceof Error ? error.stack : String(error) }, "request failed");
  return Response.json({ error: { code: "INTERNAL", message: "Something went wrong" } }, { status: 500 });
}

function problem(code: ErrorCode, message: string, fields?: FieldErrors) {
  return Response.json({ error: { code, message, fields } }, { status: statusOf[code] });
}

async function readJson(request: Request): Promise<unknown> {
  const body = await readWithin(request, MAX_BODY_BYTES);
  if (!body) throw new AppError("TOO_LARGE", "The request is too large");
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new AppError("INVALID", "The body is not valid JSON");
  }
}
