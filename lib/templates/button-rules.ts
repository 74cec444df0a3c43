import { limits, type Violation } from "@/lib/templates/limits";
import type { TemplateButton } from "@/lib/templates/schema";
import { firstExample, keysOf } from "@/lib/templates/variables";

const typeOf = (button: TemplateButton) => button.type.toUpperCase();

/** At most so many of a kind in one template. Source: Meta, "Message templates: components", buttons. */
const kinds: Record<string, { most: number; name: string }> = {
  URL: { most: 2, name: "links" },
  PHONE_NUMBER: { most: 1, name: "call button" },
  COPY_CODE: { most: 1, name: "offer code button" },
};

export function buttonViolations(buttons: TemplateButton[]): Violation[] {
  return [
    ...listViolations(buttons),
    ...buttons.flatMap((button, index) => oneViolations(button, index, buttons)),
  ];
}

function listViolations(buttons: TemplateButton[]): Violation[] {
  const found: string[] = [];
  if (buttons.length > limits.buttons) found.push(`A template has at most ${limits.buttons} buttons.`);
  for (const [type, { most, name }] of Object.entries(kinds)) {
    const count = buttons.filter((button) => typeOf(button) === type).length;
    if (count > most) found.push(`A template has at most ${most === 1 ? "one" : most} ${name}.`);
  }
  const runs = buttons.filter(
    (button, index) =>
      typeOf(button) === "QUICK_REPLY" &&
      (index === 0 || typeOf(buttons[index - 1] ?? button) !== "QUICK_REPLY"),
  );
  if (runs.length > 1) found.push("Keep the quick replies together, before or after the other buttons.");
  return found.map((message) => ({ field: "buttons", message }));
}

function oneViolations(button: TemplateButton, index: number, buttons: TemplateButton[]): Violation[] {
  const say = (part: string, message: string) => ({ field: `buttons.${index}.${part}`, message });
  const about = (part: string, messages: string[]) => messages.map((message) => say(part, message));
  switch (typeOf(button)) {
    case "QUICK_REPLY":
      return about("text", textProblems(button, index, buttons));
    case "URL":
      return [
        ...about("text", textProblems(button, index, buttons)),
        ...about("url", urlProblems(button.url ?? "")),
        ...about(
          "example",
          keysOf(button.url ?? "").length > 0 && exampleIsMissing(button)
            ? ["Give an example of what takes the variable's place."]
            : [],
        ),
      ];
    case "PHONE_NUMBER":
      return [
        ...about("text", textProblems(button, index, buttons)),
        ...about("phone_number", phoneProblems(button.phone_number ?? "")),
      ];
    case "COPY_CODE":
      return about("example", codeProblems(firstExample(button)));
    default:
      return [say("type", "This kind of button cannot be written here.")];
  }
}

function textProblems({ text = "" }: TemplateButton, index: number, buttons: TemplateButton[]): string[] {
  if (text === "") return ["Write what the button says."];
  if (text.length > limits.buttonText) {
    return [`A button has at most ${limits.buttonText} characters; this one has ${text.length}.`];
  }
  if (/\{\{|\}\}/.test(text)) return ["A button's text takes no variables."];
  const isRepeated = buttons
    .slice(0, index)
    .some((other) => other.text?.toLowerCase() === text.toLowerCase());
  return isRepeated ? ["Another button says the same."] : [];
}

function urlProblems(url: string): string[] {
  const keys = keysOf(url);
  const fixed = url.replace(/\{\{1\}\}$/, "");
  if (url === "") return ["Enter the address that the button opens."];
  if (url.length > limits.url) {
    return [`An address has at most ${limits.url} characters; this one has ${url.length}.`];
  }
  if (/\{\{|\}\}/.test(fixed)) return ["An address takes one variable, {{1}}, at its very end."];
  if (!/^https?:\/\//i.test(fixed) || !URL.canParse(fixed))
    return ["Enter a whole address, starting with https://"];
  if (keys.length > 0 && !/^https?:\/\/[^/?#]+[/?#]/i.test(fixed))
    return ["Put a / between the site and the variable."];
  if (/^https?:\/\/(www\.)?(wa\.me|api\.whatsapp\.com)(\/|$)/i.test(fixed))
    return ["WhatsApp refuses links to WhatsApp itself."];
  return [];
}

/** The whole address, or only what takes the variable's place. */
function exampleIsMissing(button: TemplateButton): boolean {
  const example = firstExample(button).trim();
  return (
    example === "" || example === (button.url ?? "").replace(/\{\{1\}\}$/, "") || /\{\{|\}\}/.test(example)
  );
}

function phoneProblems(phone: string): string[] {
  if (phone === "") return ["Enter the number that the button calls."];
  return /^\+[1-9]\d{6,18}$/.test(phone)
    ? []
    : ["Enter the number with its country code and digits only, such as +15551234567."];
}

function codeProblems(code: string): string[] {
  if (code === "") return ["Give an example of the code."];
  return code.length > limits.copyCode
    ? [`A code has at most ${limits.copyCode} characters; this one has ${code.length}.`]
    : [];
}
