import type { Template, TemplateButton, TemplateComponent } from "./model";

/** What a send has to fill in, derived once from a template and kept as long as the template is unchanged. */
export type TemplateSpec = {
  header: {
    kind: "none" | "text" | "image" | "video" | "document" | "location";
    variables: string[];
    text: string;
  };
  body: { variables: string[]; text: string };
  buttons: readonly ButtonSpec[];
  cards: readonly TemplateSpec[];
  offerExpires: boolean;
};

export type ButtonSpec = { type: string; needsParameter: boolean; text: string };

const variablePattern = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** The distinct variables of a text, in order of appearance. */
export const variablesOf = (text: string): string[] => [
  ...new Set(Array.from(text.matchAll(variablePattern), ([, name = ""]) => name)),
];

const specs = new WeakMap<readonly TemplateComponent[], TemplateSpec>();

export function specOf(template: Template): TemplateSpec {
  const known = specs.get(template.components);
  if (known) return known;
  const spec = compile(template.components, template.category === "AUTHENTICATION");
  specs.set(template.components, spec);
  return spec;
}

function compile(components: readonly TemplateComponent[], authentication: boolean): TemplateSpec {
  const find = (type: string) => components.find((component) => component.type.toUpperCase() === type);
  const header = find("HEADER");
  const bodyText = authentication ? "{{1}} is your verification code." : (find("BODY")?.text ?? "");
  const headerText = header?.text ?? "";
  return {
    header: { kind: headerKind(header?.format), variables: variablesOf(headerText), text: headerText },
    body: { variables: variablesOf(bodyText), text: bodyText },
    buttons: (find("BUTTONS")?.buttons ?? []).map(buttonSpec),
    cards: (find("CAROUSEL")?.cards ?? []).map((card) => compile(card.components, false)),
    offerExpires: hasExpiration(find("LIMITED_TIME_OFFER")),
  };
}

function headerKind(format: string | undefined): TemplateSpec["header"]["kind"] {
  switch (format?.toUpperCase()) {
    case "TEXT":
      return "text";
    case "IMAGE":
      return "image";
    case "VIDEO":
    case "GIF":
      return "video";
    case "DOCUMENT":
      return "document";
    case "LOCATION":
      return "location";
    default:
      return "none";
  }
}

function buttonSpec(button: TemplateButton): ButtonSpec {
  const type = button.type.toUpperCase();
  const needsParameter =
    type === "OTP" || type === "COPY_CODE" || (type === "URL" && variablesOf(button.url ?? "").length > 0);
  return { type, needsParameter, text: button.text ?? "" };
}

function hasExpiration(offer: TemplateComponent | undefined): boolean {
  const detail = offer?.limited_time_offer;
  return (
    typeof detail === "object" &&
    detail !== null &&
    "has_expiration" in detail &&
    detail.has_expiration === true
  );
}
