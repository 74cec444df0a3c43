import { type GraphError, templateError } from "./graph-error";
import type { TemplateComponent } from "./model";
import { variablesOf } from "./template-spec";

/** What the rules have to know about the outside: which sample files were really uploaded. */
export type KnownHandle = (handle: string) => boolean;

export const missingExample = (type: string, fields: string): GraphError =>
  templateError(
    2388043,
    'Message template "components" param is missing expected field(s)',
    `component of type ${type} is missing expected field(s) (${fields})`,
  );

export function checkHeader(
  header: TemplateComponent | undefined,
  format: "POSITIONAL" | "NAMED",
  isKnownHandle: KnownHandle,
): void {
  if (!header) return;
  const wrong = (why: string) => templateError(2388047, "Message header format is incorrect", why);
  const kind = header.format?.toUpperCase();
  if (kind === "LOCATION") return;
  if (kind === "IMAGE" || kind === "VIDEO" || kind === "DOCUMENT" || kind === "GIF") {
    const handle = firstText(header.example?.header_handle);
    if (handle === null) throw missingExample("HEADER", "example");
    if (!isKnownHandle(handle))
      throw wrong("The sample file of the header is not a handle of the resumable upload.");
    return;
  }
  const text = header.text ?? "";
  if (kind !== "TEXT" || text === "")
    throw wrong("A header is a text, an image, a video, a document or a location.");
  if (text.length > 60) throw tooLong("Header", 60);
  const variables = variablesOf(text);
  if (variables.length > 1 || /[\n*~`]/.test(text)) {
    throw wrong("A header has one variable at most, and neither line breaks nor formatting.");
  }
  checkNames(variables, format, wrong);
  if (variables.length === 1 && !hasExamples(header.example, "header_text", variables, format)) {
    throw missingExample("HEADER", "example");
  }
}

export function checkBody(body: TemplateComponent, format: "POSITIONAL" | "NAMED"): void {
  const wrong = (why: string) => templateError(2388072, "Message body format is incorrect", why);
  const text = (body.text ?? "").trim();
  if (text === "") throw wrong("The body has no text.");
  if (text.length > 1024) throw tooLong("Body", 1024);
  const variables = variablesOf(text);
  checkNames(variables, format, wrong);
  if (variables.length === 0) return;
  if (text.startsWith("{{") || text.endsWith("}}")) {
    throw templateError(
      2388299,
      "Leading or trailing params not allowed",
      "Variables can't be at the start or end of the template.",
    );
  }
  if (/\}\}\s*\{\{/.test(text))
    throw wrong("Two variables must not stand side by side without words between them.");
  if (text.split(/\s+/).length < 2 * variables.length + 1) {
    throw templateError(
      2388293,
      "Parameters words ratio exceeds limit",
      "This template has too many variables for its length. Reduce the number of variables or increase the message length.",
    );
  }
  if (!hasExamples(body.example, "body_text", variables, format)) throw missingExample("BODY", "example");
}

export function checkFooter(footer: TemplateComponent | undefined): void {
  if (!footer) return;
  const text = footer.text ?? "";
  if (text.length > 60) throw tooLong("Footer", 60);
  if (text === "" || variablesOf(text).length > 0 || text.includes("\n")) {
    throw templateError(
      2388073,
      "Message footer format is incorrect",
      "A footer is one line of text without variables.",
    );
  }
}

const tooLong = (part: string, limit: number): GraphError =>
  templateError(2388040, "Character limit exceeded", `${part} can have ${limit} characters at most.`);

/** Positional variables count from 1 without a gap; names have lowercase letters, digits and underscores. */
function checkNames(
  variables: string[],
  format: "POSITIONAL" | "NAMED",
  wrong: (why: string) => GraphError,
): void {
  if (format === "NAMED") {
    if (!variables.every((name) => /^[a-z_][a-z0-9_]*$/.test(name))) {
      throw wrong("Names of variables have lowercase letters, digits and underscores only.");
    }
    return;
  }
  const numbers = variables.map(Number).sort((one, other) => one - other);
  if (!numbers.every((number, index) => number === index + 1)) {
    throw wrong("Variables are numbered from {{1}} without a gap.");
  }
}

function hasExamples(
  example: Record<string, unknown> | undefined,
  key: "header_text" | "body_text",
  variables: string[],
  format: "POSITIONAL" | "NAMED",
): boolean {
  if (format === "NAMED") {
    const given = example?.[`${key}_named_params`];
    const names = new Set(
      (Array.isArray(given) ? given : []).flatMap((one: unknown) =>
        typeof one === "object" &&
        one !== null &&
        "param_name" in one &&
        "example" in one &&
        one.example !== ""
          ? [one.param_name]
          : [],
      ),
    );
    return variables.every((name) => names.has(name));
  }
  const given = example?.[key];
  const values: unknown = key === "body_text" && Array.isArray(given) ? given[0] : given;
  return Array.isArray(values) && values.length === variables.length && values.every((value) => value !== "");
}

const firstText = (value: unknown): string | null =>
  Array.isArray(value) && typeof value[0] === "string" && value[0] !== "" ? value[0] : null;
