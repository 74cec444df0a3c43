import { expect, test } from "vitest";
import { searchPattern } from "@/lib/event-console/search";

test.each([
  ["wamid.HBgL", "%wamid.HBgL%"],
  ["+1 (415) 555-2201", "%14155552201%"],
  ["spring_sale", "%spring\\_sale%"],
  ["100%", "%100\\%%"],
  ['say "hi"', '%say \\\\"hi\\\\"%'],
  ["C:\\x", "%C:\\\\\\\\x%"],
  ["2026", "%2026%"],
])("%s is looked for as %s", (text, pattern) => {
  expect(searchPattern(text)).toBe(pattern);
});
