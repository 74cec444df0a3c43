import type { MessageType } from "@/lib/db/generated/enums";
import type { TemplateComponent } from "@/lib/templates/schema";

type Content = {
  messageType: MessageType;
  text?: string | undefined;
  template: { components: TemplateComponent[] } | null | undefined;
};

/** What a campaign sends. A text is a template's body without the rest, so that variables work in it as in templates. */
export const componentsOf = ({ messageType, text = "", template }: Content): TemplateComponent[] =>
  messageType === "text" ? [{ type: "BODY", text }] : (template?.components ?? []);

const keys: Record<string, string> = { firstName: "first_name", name: "full_name" };

/** How a field of the contact is called in a text: `first_name`, `city`; `taken` are the variables that it has already. */
export function keyOfField(field: string, taken: string[]): string {
  const name = keys[field] ?? field.replace(/^metadata\./, "");
  const key =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "") || "field";
  // A number alone would be taken for a place.
  const word = /^\d+$/.test(key) ? `field_${key}` : key;
  const candidates = [word, ...taken.map((_, index) => `${word}_${index + 2}`)];
  return candidates.find((candidate) => !taken.includes(candidate)) ?? word;
}
