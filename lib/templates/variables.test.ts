import { describe, expect, it } from "vitest";
import { componentsSchema } from "@/lib/templates/schema";
import {
  keysOf,
  obstacleOf,
  renderComponents,
  toSendComponents,
  variablesOf,
} from "@/lib/templates/variables";

const positional = componentsSchema.parse([
  { type: "HEADER", format: "TEXT", text: "Hello {{1}}", example: { header_text: ["Asha"] } },
  { type: "BODY", text: "From {{2}} to {{1}}, {{2}} again.", example: { body_text: [["Sunday", "Friday"]] } },
  { type: "FOOTER", text: "Reply STOP to opt out" },
  {
    type: "BUTTONS",
    buttons: [
      { type: "QUICK_REPLY", text: "Stop" },
      {
        type: "URL",
        text: "Shop",
        url: "https://example.com/s/{{1}}",
        example: ["https://example.com/s/SPRING"],
      },
      { type: "COPY_CODE", text: "Copy offer code", example: ["25OFF"] },
      { type: "PHONE_NUMBER", text: "Call", phone_number: "+15551234567" },
    ],
  },
]);

const named = componentsSchema.parse([
  {
    type: "body",
    text: "Hi {{first_name}}, {{discount}} off, {{first_name}}!",
    example: {
      body_text_named_params: [
        { param_name: "discount", example: "25%" },
        { param_name: "first_name", example: "Asha" },
      ],
    },
  },
]);

describe("keysOf", () => {
  it.each([
    ["nothing", []],
    ["{{1}} and {{1}}", ["1"]],
    ["{{10}} {{2}} {{1}}", ["1", "2", "10"]],
    ["{{b}} {{a}} {{b}}", ["b", "a"]],
    ["{{ 1 }} {1} {{}} {{a-b}}", []],
  ])("%s", (text, keys) => {
    expect(keysOf(text)).toEqual(keys);
  });
});

describe("variablesOf", () => {
  it("lists header, body and buttons with their examples", () => {
    expect(variablesOf(positional)).toEqual([
      { component: "header", key: "1", example: "Asha" },
      { component: "body", key: "1", example: "Sunday" },
      { component: "body", key: "2", example: "Friday" },
      { component: "button", key: "1", buttonIndex: 1, example: "SPRING" },
      { component: "button", key: "code", buttonIndex: 2, example: "25OFF" },
    ]);
  });

  it("finds the examples of named variables by name", () => {
    expect(variablesOf(named)).toEqual([
      { component: "body", key: "first_name", example: "Asha" },
      { component: "body", key: "discount", example: "25%" },
    ]);
  });

  it("survives what Meta might invent", () => {
    const strange = componentsSchema.parse([
      { type: "HOLOGRAM", text: 7, buttons: "none" },
      { type: "BODY", text: "Hi {{1}}!", example: { body_text: "?" } },
    ]);
    expect(variablesOf(strange)).toEqual([{ component: "body", key: "1", example: "" }]);
  });
});

describe("renderComponents", () => {
  it("fills every place and keeps what has none", () => {
    expect(renderComponents(positional, ["Asha", "Mon", "Fri", "size 41?", "X1"])).toEqual({
      header: "Hello Asha",
      body: "From Fri to Mon, Fri again.",
      footer: "Reply STOP to opt out",
      buttons: [
        { type: "QUICK_REPLY", text: "Stop" },
        { type: "URL", text: "Shop", url: "https://example.com/s/size%2041?" },
        { type: "COPY_CODE", text: "Copy offer code" },
        { type: "PHONE_NUMBER", text: "Call" },
      ],
    });
  });

  it("treats values as text, whatever they look like", () => {
    expect(renderComponents(named, ["{{discount}} $&", "a\n\tb"]).body).toBe(
      "Hi {{discount}} $&, a b off, {{discount}} $&!",
    );
  });

  it("shows nothing where a value is missing", () => {
    expect(renderComponents(named, []).body).toBe("Hi ,  off, !");
  });
});

describe("toSendComponents", () => {
  it("is empty without variables", () => {
    expect(toSendComponents(componentsSchema.parse([{ type: "BODY", text: "Hello." }]), [])).toEqual([]);
  });

  it("puts each value in its part", () => {
    expect(toSendComponents(positional, ["Asha", "Mon", "Fri", "ü", "X1"])).toEqual([
      { type: "header", parameters: [{ type: "text", text: "Asha" }] },
      {
        type: "body",
        parameters: [
          { type: "text", text: "Mon" },
          { type: "text", text: "Fri" },
        ],
      },
      { type: "button", sub_type: "url", index: "1", parameters: [{ type: "text", text: "%C3%BC" }] },
      {
        type: "button",
        sub_type: "copy_code",
        index: "2",
        parameters: [{ type: "coupon_code", coupon_code: "X1" }],
      },
    ]);
  });

  it("names named parameters and flattens line breaks, which Meta refuses", () => {
    expect(toSendComponents(named, ["Asha\nRao", " 25% "])).toEqual([
      {
        type: "body",
        parameters: [
          { type: "text", parameter_name: "first_name", text: "Asha Rao" },
          { type: "text", parameter_name: "discount", text: "25%" },
        ],
      },
    ]);
  });
});

describe("a header with a file", () => {
  const header = { type: "HEADER", format: "DOCUMENT", example: { header_handle: ["4::x"] } };
  const components = componentsSchema.parse([header, { type: "BODY", text: "Hi {{1}}" }]);
  const file = {
    mediaId: "123",
    kind: "document" as const,
    fileName: "menu.pdf",
    phoneNumberId: "1",
    uploadedAt: "2026-10-01T00:00:00Z",
  };

  it("is sent by its id, before the texts", () => {
    expect(toSendComponents(components, ["Asha"], file)).toEqual([
      {
        type: "header",
        parameters: [{ type: "document", document: { id: "123", filename: "menu.pdf" } }],
      },
      { type: "body", parameters: [{ type: "text", text: "Asha" }] },
    ]);
  });

  it("is left out where the template asks for another kind of file, or for none", () => {
    const other = { ...file, kind: "image" as const };
    expect(toSendComponents(components, ["Asha"], other)).toHaveLength(1);
    expect(toSendComponents(named, ["Asha", "1"], file)).toHaveLength(1);
  });

  it("has its place in the preview before there is a file", () => {
    expect(renderComponents(components, ["Asha"]).media).toEqual({ kind: "document" });
    expect(renderComponents(components, ["Asha"], file).media).toMatchObject({ fileName: "menu.pdf" });
    expect(renderComponents(named, [])).not.toHaveProperty("media");
  });
});

describe("obstacleOf", () => {
  it.each([
    [[{ type: "BODY", text: "Hi" }], null],
    [[{ type: "HEADER", format: "IMAGE" }], null],
    [[{ type: "header", format: "document" }], null],
    [[{ type: "HEADER", format: "LOCATION" }], /a location/],
    [[{ type: "CAROUSEL" }], /carousel/],
    [[{ type: "BUTTONS", buttons: [{ type: "FLOW" }] }], /flow/],
  ])("%j", (components, expected) => {
    const obstacle = obstacleOf(componentsSchema.parse(components));
    if (expected) expect(obstacle).toMatch(expected);
    else expect(obstacle).toBeNull();
  });
});
