import * as z from "zod";
import { checkButtons } from "./button-rules";
import { badParameter, type GraphError, missingParameter, templateError } from "./graph-error";
import { languages } from "./languages";
import type { TemplateCategory, TemplateComponent } from "./model";
import { variablesOf } from "./template-spec";

export type TemplateDraft = {
  name: string;
  language: string;
  category: TemplateCategory;
  parameterFormat: "POSITIONAL" | "NAMED";
  components: TemplateComponent[];
  messageSendTtlSeconds: number | null;
};

/** What the rules have to know about the outside: which sample files were really uploaded. */
export type KnownHandle = (handle: string) => boolean;

const categories = ["UTILITY", "MARKETING", "AUTHENTICATION"] as const;

const buttonSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  url: z.string().optional(),
  phone_number: z.string().optional(),
  otp_type: z.string().optional(),
  example: z.union([z.string(), z.array(z.string())]).optional(),
});

const componentSchema = z.looseObject({
  type: z.string(),
  format: z.string().optional(),
  text: z.string().optional(),
  example: z.looseObject({}).optional(),
  buttons: z.array(buttonSchema).optional(),
  get cards() {
    return z.array(z.looseObject({ components: z.array(componentSchema) })).optional();
  },
});

export function readDraft(body: Record<string, unknown>, isKnownHandle: KnownHandle): TemplateDraft {
  const { name, language } = body;
  if (name === undefined) throw missingParameter("name");
  if (typeof name !== "string" || !/^[a-z0-9_]{1,512}$/.test(name)) {
    throw templateError(
      null,
      "Invalid template name",
      "Message template name can only have lowercase letters, digits and underscores, 512 at most.",
    );
  }
  if (language === undefined) throw missingParameter("language");
  if (typeof language !== "string" || !languages.has(language)) {
    throw badParameter(
      `Param language must be one of {${[...languages].join(", ")}} - got "${String(language)}".`,
    );
  }
  const category = readCategory(body.category);
  const parameterFormat = readFormat(body.parameter_format);
  return {
    name,
    language,
    category,
    parameterFormat,
    components: readComponents(body.components, category, parameterFormat, isKnownHandle),
    messageSendTtlSeconds: readTtl(body.message_send_ttl_seconds, category),
  };
}

export function readCategory(value: unknown): TemplateCategory {
  if (value === undefined) throw missingParameter("category");
  const category = categories.find((known) => known === String(value).toUpperCase());
  if (!category)
    throw badParameter(`Param category must be one of {${categories.join(", ")}} - got "${String(value)}".`);
  return category;
}

function readFormat(value: unknown): "POSITIONAL" | "NAMED" {
  const format = String(value ?? "POSITIONAL").toUpperCase();
  if (format === "POSITIONAL" || format === "NAMED") return format;
  throw badParameter(`Param parameter_format must be one of {NAMED, POSITIONAL} - got "${String(value)}".`);
}

/** "Time-to-live": bounds in seconds per category, or -1 for 30 days. */
export function readTtl(value: unknown, category: TemplateCategory): number | null {
  if (value === undefined) return null;
  const bounds = {
    AUTHENTICATION: [30, 900],
    UTILITY: [30, 43_200],
    MARKETING: [43_200, 2_592_000],
  } as const;
  const [least, most] = bounds[category];
  if (
    typeof value === "number" &&
    Number.isInteger(value) &&
    (value === -1 || (value >= least && value <= most))
  ) {
    return value;
  }
  throw badParameter(
    `Param message_send_ttl_seconds must be -1 or between ${least} and ${most} for ${category}.`,
  );
}

/** "Template components": which parts there may be, and what each of them allows. */
export function readComponents(
  value: unknown,
  category: TemplateCategory,
  format: "POSITIONAL" | "NAMED",
  isKnownHandle: KnownHandle,
): TemplateComponent[] {
  if (value === undefined) throw missingParameter("components");
  const parsed = z.array(componentSchema).safeParse(value);
  if (!parsed.success) throw badParameter("Param components must be an array of component objects.");
  const components: TemplateComponent[] = parsed.data;
  const find = (type: string) => components.find((component) => component.type.toUpperCase() === type);
  for (const type of ["HEADER", "BODY", "FOOTER", "BUTTONS"]) {
    if (components.filter((component) => component.type.toUpperCase() === type).length > 1) {
      throw badParameter(`Param components must have at most one component of type ${type}.`);
    }
  }
  const body = find("BODY");
  if (!body) throw missingExample("BODY", "text");
  if (category === "AUTHENTICATION") checkAuthentication(components);
  else {
    checkHeader(find("HEADER"), format, isKnownHandle);
    checkBody(body, format);
    checkFooter(find("FOOTER"));
  }
  checkButtons(find("BUTTONS")?.buttons ?? [], category);
  checkCarousel(find("CAROUSEL"), category, format, isKnownHandle);
  return components;
}

const missingExample = (type: string, fields: string): GraphError =>
  templateError(
    2388043,
    'Message template "components" param is missing expected field(s)',
    `component of type ${type} is missing expected field(s) (${fields})`,
  );

function checkHeader(
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

function checkBody(body: TemplateComponent, format: "POSITIONAL" | "NAMED"): void {
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

function checkFooter(footer: TemplateComponent | undefined): void {
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

/** "Authentication templates": the body is fixed, the only button is the one-time password. */
function checkAuthentication(components: readonly TemplateComponent[]): void {
  for (const { type, text, buttons, code_expiration_minutes: minutes } of components) {
    if (type.toUpperCase() === "HEADER" || (type.toUpperCase() === "BODY" && text !== undefined)) {
      throw templateError(
        2388072,
        "Message body format is incorrect",
        "Authentication templates have a fixed text.",
      );
    }
    if (buttons && (buttons.length !== 1 || buttons[0]?.type.toUpperCase() !== "OTP")) {
      throw templateError(null, "Invalid buttons", "Authentication templates have one button of type OTP.");
    }
    if (minutes !== undefined && !(typeof minutes === "number" && minutes >= 1 && minutes <= 90)) {
      throw badParameter("Param code_expiration_minutes must be between 1 and 90.");
    }
  }
  if (!components.some(({ type }) => type.toUpperCase() === "BUTTONS"))
    throw missingExample("BUTTONS", "buttons");
}

/** "Media card carousel templates": 2 to 10 cards of the same structure. */
function checkCarousel(
  carousel: TemplateComponent | undefined,
  category: TemplateCategory,
  format: "POSITIONAL" | "NAMED",
  isKnownHandle: KnownHandle,
): void {
  if (!carousel) return;
  const cards = carousel.cards ?? [];
  const wrong = (why: string) => templateError(null, "Invalid carousel", why);
  if (cards.length < 2 || cards.length > 10) throw wrong("A carousel has 2 to 10 cards.");
  const shapes = cards.map(({ components }) =>
    components.map(({ type, format: kind }) => `${type} ${kind}`).join(),
  );
  if (new Set(shapes.map((shape) => shape.toUpperCase())).size > 1)
    throw wrong("All cards have the same components.");
  for (const { components } of cards) {
    const find = (type: string) => components.find((component) => component.type.toUpperCase() === type);
    checkHeader(find("HEADER"), format, isKnownHandle);
    const body = find("BODY");
    if (body) checkBody(body, format);
    checkButtons(find("BUTTONS")?.buttons ?? [], category);
  }
}
