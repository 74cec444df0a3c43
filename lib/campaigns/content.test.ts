import { describe, expect, test } from "vitest";
import { componentsOf, keyOfField } from "@/lib/campaigns/content";
import { variablesOf } from "@/lib/templates/variables";

test("a text has the variables that are written in it, each once", () => {
  const components = componentsOf({
    messageType: "text",
    text: "Hi {{first_name}}, see you in {{city}}, {{first_name}}",
    template: { components: [{ type: "BODY", text: "{{other}}" }] },
  });

  expect(variablesOf(components).map(({ key }) => key)).toEqual(["first_name", "city"]);
});

test.each([
  ["template", { components: [{ type: "BODY", text: "Hi" }] }, [{ type: "BODY", text: "Hi" }]],
  ["template", null, []],
] as const)("a %s campaign with the template %j sends %j", (messageType, template, expected) => {
  const known = template && { components: [...template.components] };
  expect(componentsOf({ messageType, text: "ignored", template: known })).toEqual(expected);
});

describe("keyOfField", () => {
  test.each([
    ["firstName", [], "first_name"],
    ["name", [], "full_name"],
    ["phone", [], "phone"],
    ["metadata.Next visit (date)", [], "next_visit_date"],
    ["metadata.शहर", [], "field"],
    ["metadata.2024", [], "field_2024"],
    ["phone", ["phone"], "phone_2"],
    ["metadata.शहर", ["field", "field_2"], "field_3"],
  ])("%s beside %j is called %s", (field, taken, expected) => {
    expect(keyOfField(field, taken)).toBe(expected);
  });
});
