import { isObject, type Json } from "./message-rules";
import type { Token } from "./model";

/** A call to one of the management endpoints, after the path has been taken apart. */
export type Call = {
  method: string;
  /** Path without the version. */
  path: readonly string[];
  /** Absolute URL of the resource, without the query. */
  selfUrl: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  raw: Buffer;
  token: Token;
};

export type Answer = {
  status: number;
  body: unknown;
  /** Bytes to send instead of JSON. */
  bytes?: Buffer;
  headers?: Readonly<Record<string, string>>;
};

export const ok = (body: unknown): Answer => ({ status: 200, body });

export const success = ok({ success: true });

/** JSON, or a form whose values may be JSON; parameters of the query count too, as everywhere in the Graph API. */
export function parametersOf({ raw, headers, query }: Call): Json {
  const text = raw.toString("utf8");
  const parameters: Json = Object.fromEntries(query);
  if (text === "") return parameters;
  if (String(headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")) {
    for (const [name, value] of new URLSearchParams(text)) parameters[name] = jsonOr(value);
    return parameters;
  }
  const body = jsonOr(text);
  return isObject(body) ? { ...parameters, ...body } : parameters;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
