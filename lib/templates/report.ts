import * as z from "zod";
import type { TemplateCategory } from "@/lib/db/generated/enums";
import type { TemplateComponent } from "@/lib/templates/schema";
import type { Change } from "@/lib/webhook-events/payload";
import { instant, list, text } from "@/lib/webhook-events/reading";

/** What Meta reports of a template. Source: Meta, "Template webhooks" (September 2026). */

const namedSchema = z.object({
  message_template_id: z.coerce.string(),
  message_template_name: z.string(),
  /** Sometimes `en-US` for what the API calls `en_US`. */
  message_template_language: z.string().transform((language) => language.replace("-", "_")),
});

export type TemplateNames = { whatsappTemplateId: string; name: string; language: string };

const namesOf = (value: z.infer<typeof namedSchema>): TemplateNames => ({
  whatsappTemplateId: value.message_template_id,
  name: value.message_template_name,
  language: value.message_template_language,
});

const statusSchema = namedSchema.extend({ event: z.string(), reason: text });

export function templateStatusOf({ field, value, at }: Change) {
  if (field !== "message_template_status_update") return null;
  const update = statusSchema.safeParse(value).data;
  if (!update) return null;
  const reason = update.reason === "NONE" ? null : update.reason;
  return { ...namesOf(update), status: update.event, reason, at };
}

const qualitySchema = namedSchema.extend({ new_quality_score: z.string() });

/** Meta's own example of this update carries the name of another field, so its content decides. */
export function templateQualityOf({ field, value, at }: Change) {
  if (!field.startsWith("message_template_")) return null;
  const update = qualitySchema.safeParse(value).data;
  return update ? { ...namesOf(update), quality: update.new_quality_score.toUpperCase(), at } : null;
}

const categories = { MARKETING: "marketing", UTILITY: "utility", AUTHENTICATION: "authentication" } as const;
const category = z
  .string()
  .transform((word): TemplateCategory | null => categories[word as keyof typeof categories] ?? null);

const categorySchema = namedSchema.extend({
  new_category: category,
  correct_category: category.nullable().catch(null),
  category_update_timestamp: instant,
});

/** A day before, `correct_category` announces what it will be; then `new_category` says what it is. */
export function templateCategoryOf({ field, value, at }: Change) {
  if (field !== "template_category_update") return null;
  const update = categorySchema.safeParse(value).data;
  if (!update?.new_category) return null;
  const { new_category: current, correct_category: next, category_update_timestamp: nextAt } = update;
  return { ...namesOf(update), category: current, next, nextAt, at };
}

const textsSchema = namedSchema.extend({
  message_template_element: text,
  message_template_title: text,
  message_template_footer: text,
  message_template_buttons: list(
    z.object({
      message_template_button_type: z.string(),
      message_template_button_text: text,
      message_template_button_url: text,
      message_template_button_phone_number: text,
    }),
  ),
});

export type TemplateTexts = Pick<
  z.infer<typeof textsSchema>,
  | "message_template_element"
  | "message_template_title"
  | "message_template_footer"
  | "message_template_buttons"
>;

export function templateTextsOf({ field, value, at }: Change) {
  if (field !== "message_template_components_update") return null;
  const update = textsSchema.safeParse(value).data;
  return update ? { ...namesOf(update), texts: update satisfies TemplateTexts, at } : null;
}

/**
 * The components with the texts that Meta has now. What the update does not carry (examples, kinds of headers) stays; a
 * button keeps what it had when one of its kind is still in its place.
 */
export function withTexts(components: TemplateComponent[], update: TemplateTexts): TemplateComponent[] {
  const { message_template_element: body, message_template_title: header } = update;
  const texts: Record<string, string | null> = { BODY: body, FOOTER: update.message_template_footer };
  return components.map((component) => {
    if (component.type === "BUTTONS" && update.message_template_buttons.length > 0)
      return { ...component, buttons: buttonsOf(component.buttons ?? [], update) };
    const written =
      component.type === "HEADER" && component.format === "TEXT" ? header : texts[component.type];
    return written ? { ...component, text: written } : component;
  });
}

function buttonsOf(buttons: NonNullable<TemplateComponent["buttons"]>, update: TemplateTexts) {
  return update.message_template_buttons.map((button, index) => {
    const known = buttons[index];
    const { message_template_button_text: label, message_template_button_url: url } = button;
    const { message_template_button_type: type, message_template_button_phone_number: phone } = button;
    return {
      ...(known?.type === type ? known : { type }),
      ...(label && { text: label }),
      ...(url && { url }),
      ...(phone && { phone_number: phone }),
    };
  });
}
