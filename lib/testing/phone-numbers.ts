import { type CountryCode, getCountries, getCountryCallingCode } from "libphonenumber-js/min";
import metadata from "libphonenumber-js/min/metadata";

/** Countries with a shared calling code, a prefix that rewrites the number, none at all, or many numbers without a +. */
export const defaultCountries = [
  "US",
  "CA",
  "GB",
  "JE",
  "IN",
  "DE",
  "IT",
  "AR",
  "BR",
  "MX",
  "RU",
  "AU",
  "",
] as const;

/** Ways in which people and programs write the national part of a number. */
const styles: ((callingCode: string, national: string) => string)[] = [
  (code, national) => `+${code}${national}`,
  (code, national) => `00${code} ${national}`,
  (code, national) => `${code}${national}`,
  (code, national) => `+${code} (0)${national}`,
  (code, national) => `+${code}-${grouped(national, "-")}`,
  (code, national) => `(+${code}) ${grouped(national, ".")}`,
  (code, national) => `'+${code}${national}`,
  (code, national) => `+${code}1${national}`,
  (_, national) => national,
  (_, national) => `0${national}`,
  (_, national) => `1${national}`,
  (_, national) => grouped(national, " "),
  (_, national) => `(${national.slice(0, 3)}) ${national.slice(3)}`,
  (_, national) => `${national}.0`,
];

const grouped = (digits: string, separator: string) => digits.match(/\d{1,3}/g)?.join(separator) ?? digits;

/** Mulberry32: the same numbers for the same seed, everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Numbers of every country, of the lengths that its plan knows and beginning as its plan says, most of them valid:
 * each in every style, and each of these read with a default country of the list or its own.
 */
export function* generateNumbers({ perCountry, seed }: { perCountry: number; seed: number }) {
  const random = seededRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const starts = (pattern: string) => pattern.match(/\d+/g) ?? ["2"];
  for (const country of getCountries()) {
    const fields = metadata.countries[country] as unknown as [string, string, string, number[]];
    const callingCode = getCountryCallingCode(country);
    for (let index = 0; index < perCountry; index++) {
      const length = pick(fields[3]) + pick([0, 0, 0, 0, 0, 0, -1, 1]);
      const start = random() < 0.5 ? pick(starts(fields[2])) : pick(["2", "3", "5", "7", "9"]);
      const tail = Array.from({ length: Math.max(0, length - start.length) }, () =>
        Math.floor(random() * 10),
      );
      const national = `${start}${tail.join("")}`;
      for (const style of styles) {
        const text = style(callingCode, national);
        yield { text, country: country as string };
        for (const other of defaultCountries) yield { text, country: other as CountryCode | "" };
      }
    }
  }
}
