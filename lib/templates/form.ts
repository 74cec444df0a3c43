import * as z from "zod";
import { TemplateCategory } from "@/lib/db/generated/enums";
import { violationsOf } from "@/lib/templates/rules";
import { type CreateTemplate, createTemplateSchema, type Template } from "@/lib/templates/schema";
import { buttonsOf, firstExample, keysOf, partOf, variablesOf } from "@/lib/templates/variables";

const text = z.string().trim();

const formSchema = z.object({
  name: text,
  language: text,
  category: z.enum(TemplateCategory),
  header: text,
  body: text,
  footer: text,
  buttons: z.array(
    z.object({
      type: z.enum(["QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE"]),
      text,
      url: text,
      phone_number: text,
      example: text,
    }),
  ),
  /** By part and variable: "header_1", "body_first_name". */
  examples: z.record(z.string(), text),
});
export type TemplateForm = z.infer<typeof formSchema>;
export type TemplateFormButton = TemplateForm["buttons"][number];

/** The editor's fields, checked by Meta's rules and turned into what the API takes. */
export const templateFormSchema = formSchema
  .superRefine((form, context) => {
    for (const { field, message } of violationsOf(toTemplate(form))) {
      const path = field.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
      context.addIssue({ code: "custom", path, message });
    }
  })
  .transform(toTemplate);

export const emptyForm: TemplateForm = {
  name: "",
  language: "en_US",
  category: "marketing",
  header: "",
  body: "",
  footer: "",
  buttons: [],
  examples: {},
};

export const emptyButton = (type: TemplateFormButton["type"]): TemplateFormButton => ({
  type,
  text: "",
  url: "",
  phone_number: "",
  example: "",
});

type Components = CreateTemplate["components"];

export function toTemplate({ name, language, category, ...form }: TemplateForm): CreateTemplate {
  return { name, language, category, components: toComponents(form) };
}

export function toComponents(
  form: Pick<TemplateForm, "header" | "body" | "footer" | "buttons" | "examples">,
): Components {
  const { header, body, footer, buttons, examples } = form;
  return [
    ...(header
      ? [
          {
            type: "HEADER" as const,
            format: "TEXT" as const,
            text: header,
            ...examplesOf("header", header, examples),
          },
        ]
      : []),
    { type: "BODY", text: body, ...examplesOf("body", body, examples) },
    ...(footer ? [{ type: "FOOTER" as const, text: footer }] : []),
    ...(buttons.length > 0 ? [{ type: "BUTTONS" as const, buttons: buttons.map(toButton) }] : []),
  ];
}

function examplesOf(part: "header" | "body", content: string, examples: Record<string, string>) {
  const keys = keysOf(content);
  const values = keys.map((key) => examples[`${part}_${key}`]?.trim() ?? "");
  if (keys.length === 0) return {};
  if (keys.some((key) => !/^\d+$/.test(key))) {
    const named = keys.map((key, index) => ({ param_name: key, example: values[index] ?? "" }));
    return { example: { [`${part}_text_named_params`]: named } };
  }
  return { example: part === "header" ? { header_text: values } : { body_text: [values] } };
}

function toButton({ type, text: label, url, phone_number, example }: TemplateFormButton) {
  switch (type) {
    case "QUICK_REPLY":
      return { type, text: label };
    case "URL":
      return {
        type,
        text: label,
        url,
        ...(keysOf(url).length > 0 && { example: [wholeExample(url, example)] }),
      };
    case "PHONE_NUMBER":
      return { type, text: label, phone_number: phone_number.replace(/[\s().-]/g, "") };
    case "COPY_CODE":
      return { type, example };
  }
}

/** Meta wants to see the whole address; the editor asks only for what takes the variable's place. */
const wholeExample = (url: string, example: string) =>
  example ? url.replace(/\{\{[A-Za-z0-9_]+\}\}/, () => example) : "";

export function toForm({
  name,
  language,
  category,
  components,
}: Pick<Template, "name" | "language" | "category" | "components">): TemplateForm {
  const variables = variablesOf(components);
  return {
    name,
    language,
    category,
    header: partOf(components, "HEADER")?.text ?? "",
    body: partOf(components, "BODY")?.text ?? "",
    footer: partOf(components, "FOOTER")?.text ?? "",
    buttons: buttonsOf(components).flatMap((button, index) => {
      const type = formSchema.shape.buttons.element.shape.type.safeParse(button.type.toUpperCase()).data;
      if (!type) return [];
      const example =
        variables.find(({ buttonIndex }) => buttonIndex === index)?.example ?? firstExample(button);
      return [
        {
          type,
          text: button.text ?? "",
          url: button.url ?? "",
          phone_number: button.phone_number ?? "",
          example,
        },
      ];
    }),
    examples: Object.fromEntries(
      variables
        .filter(({ component }) => component !== "button")
        .map(({ component, key, example }) => [`${component}_${key}`, example]),
    ),
  };
}

/** A new draft with the content of another template. */
export function toCopy(template: Parameters<typeof toForm>[0]): TemplateForm {
  const form = toForm(template);
  return {
    ...form,
    name: `${form.name.slice(0, 507)}_copy`,
    category: form.category === "utility" ? "utility" : "marketing",
  };
}

/** Whether the editor can hold everything of the template; one with an image, say, it would cut down. */
export const isEditable = ({ components }: Pick<Template, "components">) =>
  createTemplateSchema.shape.components.safeParse(components).success;

/** "Spring Sale 2026!" → "spring_sale_2026" */
export function toName(title: string): string {
  return title
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+/, "")
    .slice(0, 512);
}
