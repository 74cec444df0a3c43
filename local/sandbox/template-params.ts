import { invalidParameter, refusal } from "./graph-error";
import { isObject, type Json, type MediaRef, readMedia } from "./message-rules";
import type { Template } from "./model";
import type { QuickReply } from "./outcomes";
import { specOf, type TemplateSpec } from "./template-spec";

export type FilledTemplate = { media: MediaRef[]; quickReplies: QuickReply[] };

const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const lower = (value: unknown): string => (typeof value === "string" ? value.toLowerCase() : "");

/** "Sending templates": the values of a send against what the template asks for (132000, 132005, 132012, 131008). */
export function fillTemplate(template: Template, components: unknown): FilledTemplate {
  const named = template.parameterFormat === "NAMED";
  return fill(specOf(template), listOf(components), named);
}

const componentTypes = new Set(["header", "body", "button", "carousel", "limited_time_offer", "footer"]);

function fill(spec: TemplateSpec, components: Json[], named: boolean): FilledTemplate {
  const stranger = components.find(({ type }) => !componentTypes.has(lower(type)));
  if (stranger) throw invalidParameter(`components: unexpected component type '${String(stranger.type)}'`);
  const parametersOf = (type: string) =>
    listOf(components.find((one) => lower(one.type) === type)?.parameters);

  const media = fillHeader(spec.header, parametersOf("header"), named);
  fillText("body", spec.body, parametersOf("body"), named, 1024);
  if (spec.offerExpires && parametersOf("limited_time_offer").length === 0) {
    throw refusal(131008, "limited_time_offer: component requires a parameter");
  }
  const quickReplies = fillButtons(
    spec.buttons,
    components.filter(({ type }) => lower(type) === "button"),
  );
  const cards = fillCards(spec.cards, components, named);
  return {
    media: [...media, ...cards.flatMap((card) => card.media)],
    quickReplies: [...quickReplies, ...cards.flatMap((card) => card.quickReplies)],
  };
}

function fillHeader(header: TemplateSpec["header"], parameters: Json[], named: boolean): MediaRef[] {
  if (header.kind === "none" || header.kind === "text") {
    fillText("header", header, parameters, named, 60);
    return [];
  }
  const expected = header.kind;
  const [parameter] = parameters;
  const received = lower(parameter?.type);
  const content = parameter?.[expected];
  if (parameters.length !== 1 || received !== expected || !isObject(content)) {
    const what = received === "" ? "UNKNOWN" : received.toUpperCase();
    throw refusal(132012, `header: Format mismatch, expected ${expected.toUpperCase()}, received ${what}`);
  }
  return expected === "location" ? [] : [readMedia(expected, content)];
}

type TextPart = { variables: readonly string[]; text: string };

function fillText(part: string, spec: TextPart, parameters: Json[], named: boolean, limit: number): void {
  const expected = spec.variables.length;
  if (parameters.length !== expected) {
    throw refusal(
      132000,
      `${part}: number of localizable_params (${parameters.length}) does not match the expected number of params (${expected})`,
    );
  }
  let length = spec.text.length;
  for (const [index, parameter] of parameters.entries()) {
    const name = spec.variables[index] ?? "";
    if (named) checkName(part, spec, parameter);
    length += textOf(part, parameter).length - (named ? String(parameter.parameter_name) : name).length - 4;
  }
  if (expected > 0 && length > limit) {
    throw refusal(
      132005,
      `${part}: translated text has ${length} characters, more than the ${limit} allowed`,
    );
  }
}

function checkName(part: string, { variables }: TextPart, { parameter_name: name }: Json): void {
  if (typeof name !== "string" || name === "") {
    throw refusal(132012, `${part}: Parameter name is missing or empty`);
  }
  if (!variables.includes(name))
    throw refusal(132012, `${part}: Parameter name '${name}' is not part of the template`);
}

/** Currency and date_time are always rendered as their fallback. */
function textOf(part: string, parameter: Json): string {
  const type = lower(parameter.type);
  if (type === "currency" || type === "date_time") {
    const value = parameter[type];
    const fallback = isObject(value) ? value.fallback_value : undefined;
    if (typeof fallback !== "string")
      throw refusal(131008, `${part}: Parameter of type ${type} is missing fallback_value`);
    return fallback;
  }
  if (type !== "text") {
    throw refusal(
      132012,
      `${part}: Format mismatch, expected TEXT, received ${type === "" ? "UNKNOWN" : type.toUpperCase()}`,
    );
  }
  const { text } = parameter;
  if (typeof text !== "string" || text === "") {
    throw refusal(131008, `${part}: Parameter of type text is missing text value`);
  }
  if (/[\n\r\t]| {5}/.test(text)) {
    throw refusal(
      132012,
      `${part}: Param text cannot have new-line/tab characters or more than 4 consecutive spaces`,
    );
  }
  return text;
}

const subTypes: Readonly<Record<string, string>> = { OTP: "url", MPM: "mpm", SPM: "product" };

/** Buttons are counted from 0 in the order of the template; `index` may be a string or a number. */
function fillButtons(buttons: TemplateSpec["buttons"], given: Json[]): QuickReply[] {
  const payloads = new Map<number, string>();
  const filled = new Set<number>();
  for (const component of given) {
    const index = Number(component.index);
    const button = buttons[index];
    if (!button)
      throw refusal(132018, `buttons: The template has no button at index ${String(component.index)}`);
    const expected = subTypes[button.type] ?? button.type.toLowerCase();
    if (lower(component.sub_type) !== expected) {
      throw refusal(
        132018,
        `buttons: Button at index ${index} is of type ${expected}, not ${lower(component.sub_type)}`,
      );
    }
    const [parameter] = listOf(component.parameters);
    if (button.type === "URL" && !button.needsParameter) {
      throw refusal(132018, `buttons: Button at index ${index} of type Url does not require parameters`);
    }
    if (parameter) checkButtonParameter(button.type, index, parameter);
    if (parameter) filled.add(index);
    if (typeof parameter?.payload === "string") payloads.set(index, parameter.payload);
  }
  const missing = buttons.findIndex((button, index) => button.needsParameter && !filled.has(index));
  if (missing >= 0) {
    const kind = buttons[missing]?.type === "COPY_CODE" ? "CopyCode" : "Url";
    throw refusal(131008, `buttons: Button at index ${missing} of type ${kind} requires a parameter`);
  }
  return buttons.flatMap(({ type, text }, index) =>
    type === "QUICK_REPLY" ? [{ payload: payloads.get(index) ?? text, text, interactive: false }] : [],
  );
}

function checkButtonParameter(type: string, index: number, parameter: Json): void {
  const field = { URL: "text", OTP: "text", COPY_CODE: "coupon_code", QUICK_REPLY: "payload" }[type];
  if (field === undefined) return;
  const value = parameter[field];
  if (typeof value !== "string" || value === "") {
    throw refusal(131008, `buttons: Button at index ${index} is missing the value of '${field}'`);
  }
  if (type === "COPY_CODE" && value.length > 20)
    throw refusal(132012, "buttons: coupon_code has more than 20 characters");
}

function fillCards(cards: TemplateSpec["cards"], components: Json[], named: boolean): FilledTemplate[] {
  const given = listOf(components.find(({ type }) => lower(type) === "carousel")?.cards);
  if (given.length !== cards.length) {
    throw refusal(
      132000,
      `carousel: number of cards (${given.length}) does not match the expected number (${cards.length})`,
    );
  }
  return cards.map((card, index) => fill(card, listOf(given[index]?.components), named));
}
