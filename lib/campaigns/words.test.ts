import { describe, expect, test } from "vitest";
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
    expect(describeAudience({ tags: [...tags], match, excludeTags: [...excludeTags] })).toBe(words);
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
