import { describe, expect, test } from "vitest";
import { keptAudienceSchema } from "@/lib/campaigns/schema";
import { describeAudience, describeParameter, fieldLabel, placeholderOf } from "@/lib/campaigns/words";

describe("describeAudience", () => {
  test.each([
    [[], "any", [], "Everybody who opted in"],
    [[], "any", ["vip"], "Everybody who opted in, except those tagged “vip”"],
    [["a"], "all", [], "People who opted in and are tagged “a”"],
    [["a", "b"], "any", [], "People who opted in and are tagged “a” or “b”"],
    [["a", "b", "c"], "all", [], "People who opted in and are tagged “a”, “b” and “c”"],
    [["a"], "any", ["x", "y"], "People who opted in and are tagged “a”, except those tagged “x” or “y”"],
  ] as const)("%j %s without %j", (tags, match, excludeTags, words) => {
    const audience = { tags: [...tags], match, excludeTags: [...excludeTags], segmentId: null, filter: [] };

    expect(describeAudience(audience)).toBe(words);
  });

  test("of a segment and of conditions says so, after the agreement that everybody needs", () => {
    const audience = keptAudienceSchema.parse({ tags: ["a"], filter: [{ field: "blocked", is: false }] });
    const segment = { name: "Regulars", filter: [] };

    expect(describeAudience(audience)).toBe("People who opted in, are tagged “a” and meet all conditions");
    expect(describeAudience({ ...audience, ...{ tags: [], filter: [], segment } })).toBe(
      "People who opted in and belong to the segment “Regulars”",
    );
  });
});

test.each([
  ["firstName", "First name"],
  ["email", "E-mail address"],
  ["metadata.City", "City"],
  ["metadata.metadata.x", "metadata.x"],
])("the field %s is called %s", (field, label) => {
  expect(fieldLabel(field)).toBe(label);
});

test("a parameter is named in words and in the preview", () => {
  const field = { field: "firstName", fallback: "there" };

  expect(describeParameter("20%")).toBe("“20%” for everybody");
  expect(describeParameter(field)).toBe("First name, or “there” where it is missing");
  expect([placeholderOf("20%"), placeholderOf(field)]).toEqual(["20%", "[First name]"]);
});
