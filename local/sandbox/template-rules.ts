import * as z from "zod";
import { checkButtons } from "./button-rules";
import { badParameter, missingParameter, templateError } from "./graph-error";
import { languages } from "./languages";
import type { TemplateCategory, TemplateComponent } from "./model";
import { checkBody, checkFooter, checkHeader, type KnownHandle, missingExample } from "./text-rules";

export type TemplateDraft = {
  name: string;
  language: string;
  category: TemplateCategory;
  parameterFormat: "POSITIONAL" | "NAMED";
  components: TemplateComponent[];
  messageSendTtlSeconds: number | null;
};

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
