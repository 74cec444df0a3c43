import { type Media, type MediaKind, mediaKinds } from "@/lib/media/schema";
import type { TemplateButton, TemplateComponent } from "@/lib/templates/schema";

export type TemplateVariable = {
  component: "header" | "body" | "button";
  /** "1" or "first_name"; for a copy-code button "code". */
  key: string;
  buttonIndex?: number;
  example: string;
};

export type RenderedButton = { type: string; text: string; url?: string };
/** Above the text: a file, or the place of one that is still to be chosen. */
export type RenderedMedia = { kind: MediaKind; fileName?: string };
export type RenderedTemplate = {
  media?: RenderedMedia;
  header?: string;
  body: string;
  footer?: string;
  buttons: RenderedButton[];
};

type Parameter = {
  type: string;
  parameter_name?: string;
  text?: string;
  coupon_code?: string;
} & Partial<Record<MediaKind, { id: string; filename?: string }>>;
export type SendComponent = { type: string; sub_type?: string; index?: string; parameters: Parameter[] };

const VARIABLE = /\{\{([A-Za-z0-9_]+)\}\}/g;
const isPositional = (key: string) => /^\d+$/.test(key);

/** The variables of a text, each once: positional ones in the order of their numbers, named ones as they appear. */
export function keysOf(text: string): string[] {
  const keys = [...new Set([...text.matchAll(VARIABLE)].map(([, key = ""]) => key))];
  return keys.every(isPositional) ? keys.sort((a, b) => Number(a) - Number(b)) : keys;
}

/** Components and their types are case-insensitive at Meta. */
export const partOf = (components: TemplateComponent[], type: string) =>
  components.find((component) => component.type.toUpperCase() === type);

export const buttonsOf = (components: TemplateComponent[]) => partOf(components, "BUTTONS")?.buttons ?? [];

const typeOf = (button: TemplateButton) => button.type.toUpperCase();
export const firstExample = ({ example }: TemplateButton) =>
  (typeof example === "string" ? example : example?.[0]) ?? "";
const headerTextOf = (components: TemplateComponent[]) => partOf(components, "HEADER")?.text ?? "";
const bodyTextOf = (components: TemplateComponent[]) => partOf(components, "BODY")?.text ?? "";

/** The kind of file that the header needs with every message; null when it needs none. */
export function headerMediaOf(components: TemplateComponent[]): MediaKind | null {
  const format = partOf(components, "HEADER")?.format?.toLowerCase();
  return mediaKinds.find((kind) => kind === format) ?? null;
}

/** All variables in the order of the list of values that the other functions take: header, body, buttons. */
export function variablesOf(components: TemplateComponent[]): TemplateVariable[] {
  const header = partOf(components, "HEADER")?.example;
  const body = partOf(components, "BODY")?.example;
  return [
    ...textVariables(
      "header",
      headerTextOf(components),
      header?.header_text,
      header?.header_text_named_params,
    ),
    ...textVariables("body", bodyTextOf(components), body?.body_text?.[0], body?.body_text_named_params),
    ...buttonsOf(components).flatMap(buttonVariables),
  ];
}

function textVariables(
  component: "header" | "body",
  text: string,
  positional: string[] | undefined,
  named: { param_name: string; example: string }[] | undefined,
): TemplateVariable[] {
  return keysOf(text).map((key) => ({
    component,
    key,
    example:
      named?.find(({ param_name }) => param_name === key)?.example ?? positional?.[Number(key) - 1] ?? "",
  }));
}

function buttonVariables(button: TemplateButton, buttonIndex: number): TemplateVariable[] {
  if (typeOf(button) === "COPY_CODE") {
    return [{ component: "button", key: "code", buttonIndex, example: firstExample(button) }];
  }
  if (typeOf(button) !== "URL") return [];
  const url = button.url ?? "";
  return keysOf(url).map((key) => {
    const prefix = url.slice(0, url.indexOf(`{{${key}}}`));
    const example = firstExample(button);
    // Meta wants the example as the whole address, and at sending time only what takes the variable's place.
    return {
      component: "button",
      key,
      buttonIndex,
      example: example.startsWith(prefix) ? example.slice(prefix.length) : example,
    };
  });
}

/** Meta refuses line breaks, tabs and runs of spaces in values (132012). */
const asValue = (value: string) => value.replace(/\s+/g, " ").trim();

/** Escapes only what may not stand in an address at all, so that a value may be `shoes?size=41`. */
const asUrlPart = (value: string) =>
  asValue(value).replace(/[^\w\-.~:/?#[\]@!$&'()*+,;=%]/gu, encodeURIComponent);

/** A value as it is sent in a variable's place. */
export const sentValue = ({ component, key }: Pick<TemplateVariable, "component" | "key">, value: string) =>
  component === "button" && key !== "code" ? asUrlPart(value) : asValue(value);

type Values = Map<string, string>;
/** Tells the variables of one text or template apart. */
export const slot = ({
  component,
  buttonIndex,
  key,
}: Pick<TemplateVariable, "component" | "buttonIndex" | "key">) => `${component}.${buttonIndex ?? ""}.${key}`;

function assign(components: TemplateComponent[], values: string[]): Values {
  return new Map(variablesOf(components).map((variable, index) => [slot(variable), values[index] ?? ""]));
}

const fill = (text: string, valueFor: (key: string) => string) =>
  text.replaceAll(VARIABLE, (_, key: string) => valueFor(key));

/** What the recipient sees. */
export function renderComponents(
  components: TemplateComponent[],
  values: string[],
  file?: Pick<Media, "kind" | "fileName"> | null,
): RenderedTemplate {
  const assigned = assign(components, values);
  const textOf = (component: "header" | "body", text: string) =>
    fill(text, (key) => asValue(assigned.get(slot({ component, key })) ?? ""));
  const header = headerTextOf(components);
  const footer = partOf(components, "FOOTER")?.text;
  const kind = headerMediaOf(components);
  const media = file ?? (kind && { kind });
  return {
    ...(media && { media }),
    ...(header && { header: textOf("header", header) }),
    body: textOf("body", bodyTextOf(components)),
    ...(footer && { footer }),
    buttons: buttonsOf(components).map((button, buttonIndex) => ({
      type: typeOf(button),
      text: button.text || (typeOf(button) === "COPY_CODE" ? "Copy offer code" : ""),
      ...(button.url !== undefined && {
        url: fill(button.url, (key) =>
          asUrlPart(assigned.get(slot({ component: "button", buttonIndex, key })) ?? ""),
        ),
      }),
    })),
  };
}

/** How a message refers to an uploaded file; people see the name of a document. */
export const mediaReference = ({
  kind,
  mediaId,
  fileName,
}: Pick<Media, "kind" | "mediaId" | "fileName">) => ({
  id: mediaId,
  ...(kind === "document" && { filename: fileName }),
});

/**
 * The `components` of the send request; empty when the template has no variables and no file, then leave them out.
 * Source: Meta, "Sending template messages".
 */
export function toSendComponents(
  components: TemplateComponent[],
  values: string[],
  file?: Media | null,
): SendComponent[] {
  const filled = variablesOf(components).map((variable, index) => ({
    ...variable,
    value: sentValue(variable, values[index] ?? ""),
  }));
  const textPart = (type: "header" | "body"): SendComponent[] => {
    const parameters = filled
      .filter(({ component }) => component === type)
      .map(({ key, value }) => ({
        type: "text",
        ...(!isPositional(key) && { parameter_name: key }),
        text: value,
      }));
    return parameters.length > 0 ? [{ type, parameters }] : [];
  };
  const kind = headerMediaOf(components);
  const header: SendComponent[] =
    kind && file?.kind === kind
      ? [{ type: "header", parameters: [{ type: kind, [kind]: mediaReference(file) }] }]
      : textPart("header");
  const buttons = filled.flatMap(({ component, key, buttonIndex, value }): SendComponent[] => {
    if (component !== "button") return [];
    const index = String(buttonIndex);
    return key === "code"
      ? [
          {
            type: "button",
            sub_type: "copy_code",
            index,
            parameters: [{ type: "coupon_code", coupon_code: value }],
          },
        ]
      : [{ type: "button", sub_type: "url", index, parameters: [{ type: "text", text: value }] }];
  });
  return [...header, ...textPart("body"), ...buttons];
}

const sendableButtons = new Set([
  "QUICK_REPLY",
  "URL",
  "PHONE_NUMBER",
  "COPY_CODE",
  "VOICE_CALL",
  "REQUEST_CONTACT_INFO",
]);
const sendableParts = new Set(["HEADER", "BODY", "FOOTER", "BUTTONS"]);

/** Why campaigns cannot send this template although Meta approved it: it needs more than texts and a file. Null when they can. */
export function obstacleOf(components: TemplateComponent[]): string | null {
  const format = partOf(components, "HEADER")?.format?.toLowerCase() ?? "text";
  if (format !== "text" && !headerMediaOf(components))
    return `Its header is a ${format}. Campaigns send headers with a text, an image, a video or a document only.`;
  const part = components.find(({ type }) => !sendableParts.has(type.toUpperCase()));
  if (part) return `It contains a part that campaigns cannot send (${part.type.toLowerCase()}).`;
  const button = buttonsOf(components).find((candidate) => !sendableButtons.has(typeOf(candidate)));
  if (button) return `It has a button that campaigns cannot send (${button.type.toLowerCase()}).`;
  return null;
}
