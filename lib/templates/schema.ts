import * as z from "zod";
import { TemplateCategory, TemplateStatus } from "@/lib/db/generated/enums";

const text = z.string().optional().catch(undefined);

/** How Meta writes the example of a named variable. */
const namedExample = z.object({ param_name: z.string(), example: z.string() });
const namedExamples = z.array(namedExample).optional().catch(undefined);

const buttonSchema = z.looseObject({
  type: z.string(),
  text,
  url: text,
  phone_number: text,
  /** A list for URL buttons; for COPY_CODE Meta takes one text and answers with a list. */
  example: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .catch(undefined),
});

const componentSchema = z.looseObject({
  type: z.string(),
  format: text,
  text,
  example: z
    .looseObject({
      header_text: z.array(z.string()).optional().catch(undefined),
      header_text_named_params: namedExamples,
      body_text: z.array(z.array(z.string())).optional().catch(undefined),
      body_text_named_params: namedExamples,
    })
    .optional()
    .catch(undefined),
  buttons: z.array(buttonSchema).optional().catch(undefined),
});

/**
 * Meta's component array, read tolerantly: whatever Meta invents next passes through untouched.
 * Source: Meta, "Template components" (September 2026).
 */
export const componentsSchema = z.array(componentSchema);
export type TemplateComponent = z.infer<typeof componentSchema>;
export type TemplateButton = z.infer<typeof buttonSchema>;

const label = z.string().trim().max(200).default("");

/** Meta answers with a list where it takes one text. */
const firstOf = (example: unknown) => (Array.isArray(example) ? example[0] : example);

/** The part of Meta's components that can be written here; `violationsOf` (rules.ts) says whether Meta would take it. */
const writtenComponentSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("HEADER"),
    format: z.literal("TEXT", "Only text headers can be written here"),
    text: z.string().trim().max(2000),
    example: z
      .object({ header_text: z.array(z.string()), header_text_named_params: z.array(namedExample) })
      .partial()
      .optional(),
  }),
  z.object({
    type: z.literal("BODY"),
    text: z.string().trim().max(10_000),
    example: z
      .object({ body_text: z.array(z.array(z.string())), body_text_named_params: z.array(namedExample) })
      .partial()
      .optional(),
  }),
  z.object({ type: z.literal("FOOTER"), text: z.string().trim().max(2000) }),
  z.object({
    type: z.literal("BUTTONS"),
    buttons: z
      .array(
        z.discriminatedUnion("type", [
          z.object({ type: z.literal("QUICK_REPLY"), text: label }),
          z.object({
            type: z.literal("URL"),
            text: label,
            url: z.string().trim().max(5000),
            example: z.array(z.string().trim()).max(1).optional(),
          }),
          z.object({
            type: z.literal("PHONE_NUMBER"),
            text: label,
            phone_number: z.string().trim().max(200),
          }),
          z.object({
            type: z.literal("COPY_CODE"),
            example: z.preprocess(firstOf, z.string().trim().max(200)),
          }),
        ]),
      )
      .max(30),
  }),
]);

export const createTemplateSchema = z.object({
  name: z.string().trim().max(600),
  language: z.string().trim().max(20),
  category: z.enum(TemplateCategory, "Choose a category"),
  components: z.array(writtenComponentSchema).max(4),
});
export type CreateTemplate = z.infer<typeof createTemplateSchema>;

export const updateTemplateSchema = createTemplateSchema.partial();
export type UpdateTemplate = z.infer<typeof updateTemplateSchema>;

/** One entry of Meta's list. `components` is kept exactly as it came. */
export const metaTemplateSchema = z.object({
  id: z.string(),
  name: z.string(),
  language: z.string(),
  status: z.string(),
  category: z
    .string()
    .transform((word) => z.enum(TemplateCategory).safeParse(word.toLowerCase()).data ?? null)
    .catch(null),
  components: z.array(z.unknown()).catch([]),
  rejected_reason: z.string().nullish().catch(null),
});
export type MetaTemplate = z.infer<typeof metaTemplateSchema>;

export const templateParamsSchema = z.object({ templateId: z.uuid() });

export const templateListSchema = z.object({
  status: z.enum(TemplateStatus).optional(),
  cursor: z.uuid().optional(),
});
export type TemplateListQuery = z.infer<typeof templateListSchema>;

/** A template as screens get it. */
export type Template = {
  id: string;
  name: string;
  language: string;
  category: TemplateCategory;
  status: TemplateStatus;
  components: TemplateComponent[];
  whatsappTemplateId: string | null;
  rejectionReason: string | null;
  /** Meta's GREEN, YELLOW, RED or UNKNOWN. */
  quality: string | null;
  /** What Meta has announced that its category will be. */
  nextCategory: TemplateCategory | null;
};
