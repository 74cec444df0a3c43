import type { TemplateCategory } from "@/lib/db/generated/enums";
import { buttonViolations } from "@/lib/templates/button-rules";
import { isLanguage } from "@/lib/templates/languages";
import { limits, type Violation } from "@/lib/templates/limits";
import type { TemplateComponent } from "@/lib/templates/schema";
import { buttonsOf, keysOf, partOf, variablesOf } from "@/lib/templates/variables";

type Subject = {
  name: string;
  category: TemplateCategory;
  language: string;
  components: TemplateComponent[];
};

/**
 * What Meta would refuse, in plain words.
 * Source: Meta, "Message templates: components" and the creation errors 2388040, 2388047, 2388072, 2388073, 2388293
 * and 2388299 (September 2026).
 */
export function violationsOf({ name, category, language, components }: Subject): Violation[] {
  return [
    ...nameViolations(name),
    ...(isLanguage(language) ? [] : [{ field: "language", message: "Choose a language from the list." }]),
    ...categoryViolations(category),
    ...headerViolations(partOf(components, "HEADER")),
    ...bodyViolations(partOf(components, "BODY")?.text ?? ""),
    ...footerViolations(partOf(components, "FOOTER")),
    ...mixtureViolations(components),
    ...buttonViolations(buttonsOf(components)),
    ...exampleViolations(components),
  ];
}

function nameViolations(name: string): Violation[] {
  const say = (message: string) => [{ field: "name", message }];
  if (name === "") return say("Give the template a name.");
  if (name.length > limits.name) return say(`A name has at most ${limits.name} characters.`);
  return /^[a-z0-9_]+$/.test(name)
    ? []
    : say("Use only small letters a to z, digits and underscores, such as spring_sale.");
}

function categoryViolations(category: TemplateCategory): Violation[] {
  const message = "WhatsApp writes authentication messages itself. Choose marketing or utility.";
  return category === "authentication" ? [{ field: "category", message }] : [];
}

function headerViolations(header: TemplateComponent | undefined): Violation[] {
  if (!header) return [];
  const say = (message: string) => ({ field: "header", message });
  const text = header.text ?? "";
  if ((header.format ?? "TEXT").toUpperCase() !== "TEXT")
    return [say("Only text headers can be written here.")];
  if (text === "") return [say("Write the header or remove it.")];
  const found = [
    ...textViolations("header", "The header", text, limits.header),
    ...numberingViolations("header", text),
  ];
  if (keysOf(text).length > 1) found.push(say("The header takes one variable at most."));
  if (/[\r\n]/.test(text)) found.push(say("The header is a single line."));
  if (/[*~`]/.test(text)) found.push(say("The header takes no formatting: it is bold anyway."));
  return found;
}

function bodyViolations(text: string): Violation[] {
  const say = (message: string) => ({ field: "body", message });
  if (text.trim() === "") return [say("Write the message.")];
  const found = [
    ...textViolations("body", "The message", text, limits.body),
    ...numberingViolations("body", text),
  ];
  if (/^\s*\{\{/.test(text))
    found.push(say("The message cannot start with a variable. Put a word before it."));
  if (/\}\}\s*$/.test(text)) found.push(say("The message cannot end with a variable. Put a word after it."));
  if (/\}\}\s*\{\{/.test(text)) found.push(say("Put words between two variables."));
  return [...found, ...ratioViolations(text)];
}

/**
 * Meta refuses too many variables for the length (2388293) but does not publish the ratio. The rule here is the one
 * that providers have observed: n different variables need at least 2n + 1 other words.
 */
function ratioViolations(text: string): Violation[] {
  const count = keysOf(text).length;
  const words = wordsIn(text.replaceAll(/\{\{[^{}]*\}\}/g, " "));
  if (count === 0 || words >= 2 * count + 1) return [];
  const message = `${count === 1 ? "One variable needs" : `${count} variables need`} at least ${2 * count + 1} other words around ${count === 1 ? "it" : "them"}; there are ${words}. Write more, or use fewer variables.`;
  return [{ field: "body", message }];
}

/** Also right for languages that put no spaces between words. */
function wordsIn(text: string): number {
  const segments = new Intl.Segmenter("en", { granularity: "word" }).segment(text);
  return Array.from(segments).filter(({ isWordLike }) => isWordLike).length;
}

function footerViolations(footer: TemplateComponent | undefined): Violation[] {
  if (!footer) return [];
  const say = (message: string) => ({ field: "footer", message });
  const text = footer.text ?? "";
  if (text === "") return [say("Write the footer or remove it.")];
  if (/\{\{|\}\}/.test(text)) return [say("The footer takes no variables.")];
  if (/[\r\n]/.test(text)) return [say("The footer is a single line.")];
  return text.length > limits.footer ? [say(tooLong("The footer", text, limits.footer))] : [];
}

const tooLong = (what: string, text: string, limit: number) =>
  `${what} has ${text.length} characters; WhatsApp allows ${limit}.`;

function textViolations(field: string, what: string, text: string, limit: number): Violation[] {
  const found = text.length > limit ? [{ field, message: tooLong(what, text, limit) }] : [];
  const rest = text.replaceAll(/\{\{(\d+|[a-z][a-z0-9_]*)\}\}/g, "");
  if (/\{\{|\}\}/.test(rest)) {
    found.push({
      field,
      message:
        "Write variables as {{1}} or {{first_name}}: a number, or small letters, digits and underscores.",
    });
  }
  return found;
}

function numberingViolations(field: string, text: string): Violation[] {
  const numbers = keysOf(text).filter((key) => /^\d+$/.test(key));
  const missing = numbers.findIndex((key, index) => Number(key) !== index + 1);
  if (missing < 0) return [];
  return [{ field, message: `Number the variables from {{1}} without gaps: {{${missing + 1}}} is missing.` }];
}

function mixtureViolations(components: TemplateComponent[]): Violation[] {
  const keys = ["HEADER", "BODY"].flatMap((type) => keysOf(partOf(components, type)?.text ?? ""));
  const numbered = keys.filter((key) => /^\d+$/.test(key));
  if (numbered.length === 0 || numbered.length === keys.length) return [];
  return [{ field: "body", message: "Use either numbers or names for variables, not both in one template." }];
}

function exampleViolations(components: TemplateComponent[]): Violation[] {
  return variablesOf(components).flatMap(({ component, key, example }) =>
    component === "button" || example.trim() !== ""
      ? []
      : [
          {
            field: `examples.${component}_${key}`,
            message: `Give an example for {{${key}}}: WhatsApp's reviewers see it.`,
          },
        ],
  );
}

const optOutWords =
  /\b(stop|unsubscribe|opt[ -]?out|no more|baja|darse de baja|cancelar|parar|sair|arr[eê]t|d[ée]sabonner|abmelden|abbestellen|stopp|afmelden)\b/i;

/** What Meta takes but the owner may regret. */
export function warningsOf({ category, components }: Pick<Subject, "category" | "components">): Violation[] {
  const buttons = buttonsOf(components);
  const quickReplies = buttons.filter(({ type }) => type.toUpperCase() === "QUICK_REPLY");
  const texts = [
    partOf(components, "BODY")?.text,
    partOf(components, "FOOTER")?.text,
    ...quickReplies.map(({ text }) => text),
  ];
  const warnings: Violation[] = [];
  if (category === "marketing" && texts[0] && !texts.some((text) => text && optOutWords.test(text))) {
    const message =
      "Say how to stop these messages, such as “Reply STOP to opt out”. People who find no way out report you instead.";
    warnings.push({ field: "footer", message });
  }
  if (buttons.length > 3 || (quickReplies.length > 0 && quickReplies.length < buttons.length)) {
    const message =
      "WhatsApp on a computer does not show messages with more than three buttons or with quick replies beside other buttons.";
    warnings.push({ field: "buttons", message });
  }
  return warnings;
}
