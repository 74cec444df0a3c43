import { getCountries } from "libphonenumber-js/min";
import { expect, test } from "vitest";
import { normalizePhone, parsePhone } from "@/lib/contacts/phone";
import { defaultCountries, generateNumbers } from "@/lib/testing/phone-numbers";

/** A sample; `npm run bench -- phones` takes all. */
test("reads the numbers of all countries in all styles as libphonenumber-js alone does", () => {
  let count = 0;
  const differences: object[] = [];
  for (const { text, country } of generateNumbers({ perCountry: 1, seed: 7 })) {
    count++;
    const [fast, slow] = [normalizePhone(text, country), parsePhone(text, country)];
    if (JSON.stringify(fast) !== JSON.stringify(slow)) differences.push({ text, country, fast, slow });
  }

  expect(differences).toEqual([]);
  expect(count).toBeGreaterThan(getCountries().length * defaultCountries.length);
});
