import { readFileSync } from "node:fs";
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { contradictions } from "./contract-exceptions";

/**
 * Meta's own description of its API: `facebook/openapi`, business-messaging-api v23.0. Parts of it are generated and
 * contradict Meta's pages: contract-exceptions.ts names them.
 */
const file = new URL("./fixtures/business-messaging-api_v23.0.yaml", import.meta.url);

type Node = { [key: string]: Node } | Node[] | string | number | boolean | null;

type Contract = {
  ajv: Ajv2020;
  document: { [key: string]: Node };
  compiled: Map<string, ValidateFunction | null>;
};

let loaded: Contract | null = null;

function load(): Contract {
  if (loaded) return loaded;
  const document = chooseByDiscriminator(parse(readFileSync(file, "utf8"), { uniqueKeys: false }) as Node);
  if (!isRecord(document)) throw new Error("the OpenAPI file is not an object");
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
  addFormats.default(ajv);
  ajv.addSchema(document, "meta");
  loaded = { ajv, document, compiled: new Map() };
  return loaded;
}

/** What is wrong with a request body, in the words of the schema; nothing when it has no schema. */
export function validateRequest(method: string, path: string, body: unknown): string[] {
  const operation = pointerTo(method, path);
  const pointer = [...operation, "requestBody", "content", "application/json", "schema"];
  return withoutContradictions(`${method} ${operation[1]} request`, validate(pointer, body));
}

/** What is wrong with an answer. A refusal whose status is not described is held against the general error. */
export function validateResponse(method: string, path: string, status: number, body: unknown): string[] {
  const operation = pointerTo(method, path);
  const described = [...operation, "responses", String(status), "content", "application/json", "schema"];
  const pointer =
    find(described) === undefined && status >= 400 ? ["components", "schemas", "GraphAPIError"] : described;
  return withoutContradictions(`${method} ${operation[1]} ${status}`, validate(pointer, body));
}

/** What is wrong with the body of a webhook. */
export function validateWebhook(body: unknown): string[] {
  return withoutContradictions("webhook", validate(["components", "schemas", "WebhookPayload"], body));
}

const met = new Set<number>();

function withoutContradictions(where: string, errors: string[]): string[] {
  return errors.filter((error) => {
    const known = contradictions.findIndex((one) => one.where.test(where) && one.error.test(error));
    if (known >= 0) met.add(known);
    return known < 0;
  });
}

/** Exceptions that nothing validated so far has needed. */
export const unmetContradictions = (): string[] =>
  contradictions.flatMap(({ because }, index) => (met.has(index) ? [] : [because]));

function validate(pointer: readonly string[], value: unknown): string[] {
  const { ajv, compiled } = load();
  const key = pointer
    .map((part) => encodeURIComponent(part.replace(/~/g, "~0").replace(/\//g, "~1")))
    .join("/");
  const known = compiled.get(key);
  const check =
    known === undefined
      ? find(pointer) === undefined
        ? null
        : ajv.compile({ $ref: `meta#/${key}` })
      : known;
  compiled.set(key, check);
  if (!check || check(value)) return [];
  return (check.errors ?? [])
    .filter(({ keyword }) => keyword !== "if")
    .map(({ instancePath, message = "", params }) =>
      `${instancePath || "/"} ${message} ${JSON.stringify(params)}`.trim(),
    );
}

function find(pointer: readonly string[]): Node | undefined {
  let node: Node | undefined = load().document;
  for (const part of pointer) {
    node = isRecord(node) ? node[part] : undefined;
    if (isRecord(node) && typeof node.$ref === "string") node = find(node.$ref.slice(2).split("/"));
  }
  return node;
}

/**
 * A path of the file (`/{Version}/{Phone-Number-ID}`) or a real one (`/v25.0/123/messages`). A real path that fits
 * several, as a bare id does, is refused: the caller has to say which it is.
 */
function pointerTo(method: string, path: string): string[] {
  const operation = method.toLowerCase();
  const { paths } = load().document;
  if (!isRecord(paths)) throw new Error("the OpenAPI file has no paths");
  const known = Object.keys(paths).filter((candidate) => find(["paths", candidate, operation]) !== undefined);
  if (known.includes(path)) return ["paths", path, operation];
  const parts = path
    .replace(/\?.*$/, "")
    .replace(/^\/(?!v\d+\.\d+\/)/, "/v23.0/")
    .split("/");
  const fitting = known.filter((candidate) => {
    const pattern = candidate.split("/");
    return (
      pattern.length === parts.length &&
      pattern.every((part, index) => part.startsWith("{") || part === parts[index])
    );
  });
  const [only] = fitting;
  if (fitting.length !== 1 || only === undefined) {
    throw new Error(`${method} ${path} fits ${fitting.length} operations: ${fitting.join(", ")}`);
  }
  return ["paths", only, operation];
}

const isRecord = (node: Node | undefined): node is { [key: string]: Node } =>
  typeof node === "object" && node !== null && !Array.isArray(node);

/**
 * OpenAPI's `discriminator` decides which alternative counts; JSON Schema's `oneOf` alone would count all that happen
 * to fit, and nearly everything in the file is optional.
 */
function chooseByDiscriminator(node: Node): Node {
  if (Array.isArray(node)) return node.map(chooseByDiscriminator);
  if (!isRecord(node)) return node;
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, chooseByDiscriminator(value)]),
  );
  const { discriminator, oneOf, ...rest } = copy;
  if (!isRecord(discriminator) || !isRecord(discriminator.mapping) || !Array.isArray(oneOf)) return copy;
  const property = String(discriminator.propertyName);
  const choices = Object.entries(discriminator.mapping).map(([value, target]) => ({
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { $ref: target },
    if: { properties: { [property]: { const: value } }, required: [property] },
  }));
  return {
    ...rest,
    allOf: choices,
    properties: { [property]: { enum: Object.keys(discriminator.mapping) } },
  };
}
