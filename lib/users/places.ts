import { getCountries } from "libphonenumber-js/min";

export type Choice = { value: string; label: string };
export type ChoiceGroup = { label: string; choices: Choice[] };

const regionNames = new Intl.DisplayNames(["en"], { type: "region" });

/** Every country whose phone numbers we can read, by name. */
export const listCountries = (): Choice[] =>
  getCountries()
    .map((code) => ({ value: code as string, label: regionNames.of(code) ?? code }))
    .sort((a, b) => a.label.localeCompare(b.label, "en"));

/** Names that ICU keeps for compatibility, and those that people expect. */
const renamed: Record<string, string> = {
  "Africa/Asmera": "Africa/Asmara",
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "America/Godthab": "America/Nuuk",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
  "Pacific/Enderbury": "Pacific/Kanton",
  "Pacific/Ponape": "Pacific/Pohnpei",
  "Pacific/Truk": "Pacific/Chuuk",
};

/** The name under which a zone stands in the list: "Asia/Calcutta" and "Asia/Kolkata" are one. */
export function canonicalTimeZone(zone: string): string {
  const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions();
  return renamed[timeZone] ?? timeZone;
}

/** By continent and then by city, the city first, so that typing its first letters finds it in a native select. */
export function listTimeZones(): ChoiceGroup[] {
  const zones = new Set(Intl.supportedValuesOf("timeZone").map((zone) => renamed[zone] ?? zone));
  const groups = new Map<string, Choice[]>([["Universal", [{ value: "UTC", label: "UTC" }]]]);
  for (const zone of zones) {
    const [continent = "", ...rest] = zone.replaceAll("_", " ").split("/");
    const city = rest.at(-1);
    if (!city) continue;
    const choice = { value: zone, label: rest.length > 1 ? `${city} (${rest[0]})` : city };
    groups.set(continent, [...(groups.get(continent) ?? []), choice]);
  }
  return [...groups].map(([label, choices]) => ({
    label,
    choices: choices.sort((a, b) => a.label.localeCompare(b.label, "en")),
  }));
}

/** Newer engines have the method, older ones the property. */
type LocaleWithZones = Intl.Locale & { getTimeZones?: () => string[]; timeZones?: string[] };

function zonesOf(region: string): string[] {
  const locale: LocaleWithZones = new Intl.Locale("und", { region });
  const zones = locale.getTimeZones?.() ?? locale.timeZones ?? [];
  return zones.map((zone) => renamed[zone] ?? zone);
}

let countriesByZone: Map<string, string> | undefined;

/** The country that a time zone belongs to: a first guess for phone numbers written without a country. */
export function countryOf(timeZone: string): string | null {
  // Asking ICU takes a quarter of a second for all countries together.
  countriesByZone ??= new Map(
    getCountries().flatMap((region) => zonesOf(region).map((zone) => [zone, region])),
  );
  return countriesByZone.get(canonicalTimeZone(timeZone)) ?? null;
}
