import { templateError } from "./graph-error";
import type { TemplateButton, TemplateCategory } from "./model";
import { variablesOf } from "./template-spec";

const limits: Readonly<Record<string, number>> = {
  URL: 2,
  PHONE_NUMBER: 1,
  COPY_CODE: 1,
  QUICK_REPLY: 10,
  OTP: 1,
};

const known = new Set([
  "URL",
  "PHONE_NUMBER",
  "COPY_CODE",
  "QUICK_REPLY",
  "OTP",
  "FLOW",
  "CATALOG",
  "MPM",
  "SPM",
  "VOICE_CALL",
  "CALL_PERMISSION_REQUEST",
  "REQUEST_CONTACT_INFO",
  "APP",
]);

const wrong = (why: string) => templateError(null, "Invalid buttons", why);

/** "Template components > Buttons": ten in all, fewer of some kinds, quick replies side by side. */
export function checkButtons(buttons: readonly TemplateButton[], category: TemplateCategory): void {
  if (buttons.length > 10) throw wrong("A template has 10 buttons at most.");
  const types = buttons.map(({ type }) => type.toUpperCase());
  for (const type of new Set(types)) {
    if (!known.has(type)) throw wrong(`There is no button of type ${type}.`);
    const limit = limits[type];
    if (limit !== undefined && types.filter((other) => other === type).length > limit) {
      throw wrong(`A template has ${limit} button(s) of type ${type} at most.`);
    }
  }
  if (types.includes("OTP") && category !== "AUTHENTICATION") {
    throw wrong("Buttons of type OTP belong to authentication templates.");
  }
  const changes = types.filter(
    (type, index) => (type === "QUICK_REPLY") !== (types[index - 1] === "QUICK_REPLY"),
  );
  if (changes.filter((type) => type === "QUICK_REPLY").length > 1) {
    throw wrong("Quick replies must stand together, not between other buttons.");
  }
  for (const button of buttons) checkButton(button);
}

function checkButton(button: TemplateButton): void {
  const type = button.type.toUpperCase();
  const { text, url, phone_number: phone, example } = button;
  if (type === "URL" || type === "PHONE_NUMBER" || type === "QUICK_REPLY") {
    if (text === undefined || text === "") throw wrong(`A button of type ${type} needs a text.`);
    if (text.length > 25)
      throw templateError(2388040, "Character limit exceeded", "Button text can have 25 characters at most.");
    if (variablesOf(text).length > 0) throw wrong("A button text has no variables.");
  }
  if (type === "URL") checkUrl(url, example);
  if (
    type === "PHONE_NUMBER" &&
    (phone === undefined || phone.length > 20 || !/^\+?[\d\s()-]+$/.test(phone))
  ) {
    throw wrong("A phone button needs a phone number of 20 characters at most.");
  }
  if (type === "COPY_CODE") {
    const code = Array.isArray(example) ? example[0] : example;
    if (code === undefined || code === "" || code.length > 20) {
      throw wrong("A copy-code button needs an example of 20 characters at most.");
    }
  }
}

function checkUrl(url: string | undefined, example: string | string[] | undefined): void {
  if (url === undefined || url.length > 2000 || !/^https?:\/\//.test(url)) {
    throw wrong("A URL button needs an http(s) address of 2000 characters at most.");
  }
  const variables = variablesOf(url);
  if (variables.length === 0) return;
  if (variables.length > 1 || !url.endsWith("}}"))
    throw wrong("A URL has one variable, and only at its end.");
  const sample = Array.isArray(example) ? example[0] : example;
  if (sample === undefined || sample === "") {
    throw templateError(
      2388043,
      'Message template "components" param is missing expected field(s)',
      "component of type BUTTONS is missing expected field(s) (example)",
    );
  }
}
