import { getCountries, getCountryCallingCode } from "libphonenumber-js/min";

const regionNames = new Intl.DisplayNames(["en"], { type: "region" });

/** Every calling code with all the countries that share it, by the name of the first. */
export function listCallingCodes(): { code: string; label: string }[] {
  const sharers = new Map<string, string[]>();
  for (const country of getCountries()) {
    const code = getCountryCallingCode(country);
    sharers.set(code, [...(sharers.get(code) ?? []), regionNames.of(country) ?? country]);
  }
  return [...sharers]
    .map(([code, countries]) => ({ code, label: `${nameOf(code, countries)} (+${code})` }))
    .sort((one, other) => one.label.localeCompare(other.label, "en"));
}

/** Who has most of a code's numbers comes first. */
const main: Record<string, string> = {
  "1": "United States",
  "7": "Russia",
  "39": "Italy",
  "44": "United Kingdom",
  "47": "Norway",
  "61": "Australia",
  "212": "Morocco",
  "262": "Réunion",
  "358": "Finland",
  "590": "Guadeloupe",
  "599": "Curaçao",
};

function nameOf(code: string, countries: string[]): string {
  const [first = "", ...others] = [...countries].sort(
    (one, other) =>
      Number(other === main[code]) - Number(one === main[code]) || one.localeCompare(other, "en"),
  );
  if (others.length === 0) return first;
  return others.length === 1 ? `${first} and ${others[0]}` : `${first} and ${others.length} others`;
}
