import { describe, expect, it } from "vitest";
import {
  emptyButton,
  emptyForm,
  isEditable,
  type TemplateForm,
  templateFormSchema,
  toCopy,
  toForm,
  toName,
  toTemplate,
} from "@/lib/templates/form";
import { componentsSchema } from "@/lib/templates/schema";

const full: TemplateForm = {
  name: "spring_sale",
  language: "en_US",
  category: "marketing",
  header: "Hello {{1}}",
  body: "Dear {{1}}, our spring sale starts on Friday.",
  footer: "Reply STOP to opt out",
  buttons: [
    { ...emptyButton("QUICK_REPLY"), text: "Stop" },
    { ...emptyButton("URL"), text: "Shop", url: "https://example.com/{{1}}", example: "shoes" },
    { ...emptyButton("PHONE_NUMBER"), text: "Call", phone_number: "+1 (555) 123-4567" },
    { ...emptyButton("COPY_CODE"), example: "25OFF" },
  ],
  examples: { header_1: "Asha", body_1: "Asha Rao" },
};

describe("toTemplate", () => {
  it("writes Meta's components", () => {
    expect(toTemplate(full).components).toEqual([
      { type: "HEADER", format: "TEXT", text: "Hello {{1}}", example: { header_text: ["Asha"] } },
      { type: "BODY", text: full.body, example: { body_text: [["Asha Rao"]] } },
      { type: "FOOTER", text: "Reply STOP to opt out" },
      {
        type: "BUTTONS",
        buttons: [
          { type: "QUICK_REPLY", text: "Stop" },
          {
            type: "URL",
            text: "Shop",
            url: "https://example.com/{{1}}",
            example: ["https://example.com/shoes"],
          },
          { type: "PHONE_NUMBER", text: "Call", phone_number: "+15551234567" },
          { type: "COPY_CODE", example: "25OFF" },
        ],
      },
    ]);
  });

  it("writes the examples of named variables by name", () => {
    const form = {
      ...emptyForm,
      body: "Hi {{first_name}}, welcome back.",
      examples: { body_first_name: "Asha" },
    };
    expect(toTemplate(form).components).toEqual([
      {
        type: "BODY",
        text: form.body,
        example: { body_text_named_params: [{ param_name: "first_name", example: "Asha" }] },
      },
    ]);
  });

  it("leaves out what is empty", () => {
    expect(toTemplate({ ...emptyForm, body: "Hello." }).components).toEqual([
      { type: "BODY", text: "Hello." },
    ]);
  });

  it("comes back as the same form", () => {
    const template = { ...toTemplate(full), components: componentsSchema.parse(toTemplate(full).components) };
    const phone = { ...emptyButton("PHONE_NUMBER"), text: "Call", phone_number: "+15551234567" };
    expect(toForm(template)).toEqual({ ...full, buttons: full.buttons.with(2, phone) });
  });
});

describe("templateFormSchema", () => {
  it("puts each violation at its field", () => {
    const { error } = templateFormSchema.safeParse({
      ...full,
      name: "Spring",
      examples: { header_1: "Asha" },
      buttons: [{ ...emptyButton("URL"), text: "Shop", url: "example" }],
    });
    expect(error?.issues.map(({ path }) => path)).toEqual([
      ["name"],
      ["buttons", 0, "url"],
      ["examples", "body_1"],
    ]);
  });
});

describe("isEditable", () => {
  it.each([
    ["a text", [{ type: "BODY", text: "Hello." }], true],
    [
      "a code as Meta returns it",
      [{ type: "BUTTONS", buttons: [{ type: "COPY_CODE", text: "Copy offer code", example: ["A"] }] }],
      true,
    ],
    ["an image", [{ type: "HEADER", format: "IMAGE" }], false],
    ["a carousel", [{ type: "CAROUSEL", cards: [] }], false],
  ])("%s", (_, components, expected) => {
    expect(isEditable({ components: componentsSchema.parse(components) })).toBe(expected);
  });
});

describe("toName", () => {
  it.each([
    ["Spring Sale 2026!", "spring_sale_2026_"],
    ["  Été à Paris", "ete_a_paris"],
    ["__x", "x"],
    ["already_fine", "already_fine"],
  ])("%s", (title, name) => {
    expect(toName(title)).toBe(name);
  });
});

it("names a copy within the limit", () => {
  const copy = toCopy({ ...toTemplate(full), name: "a".repeat(512), components: [] });
  expect(copy.name).toBe(`${"a".repeat(507)}_copy`);
});
