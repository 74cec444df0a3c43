import {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from "libphonenumber-js/min";
import { readInternational, readNational } from "@/lib/contacts/numbering-plans";

export type NormalizedPhone = { phone: string } | { reason: string };

const e164 = /^\+[1-9]\d{6,14}$/;
/** Set aside for tests and fiction: in no country's plan, but Meta and every demo use them. */
const reserved = /^\+(1555\d{7}|447700900\d{3})$/;
/** A spreadsheet's way of showing a long number: 9.19812E+11. */
const scientific = /^\+?\d+(?:[.,]\d+)?e\+?\d+$/i;
/** Zero-width characters, direction marks and other things that cannot be seen. */
const invisible = /[\p{Cf}\p{Cc}]/gu;
const separators = /[\s().\-/\p{Pd}\u2212\u00b7]/gu;
const countryNames = new Intl.DisplayNames(["en"], { type: "region" });
/** The zeros of the scripts in which phone numbers are written; NFKC has already made full-width digits plain. */
const zeros = Array.from("٠۰०০੦૦୦௦౦೦൦๐", (zero) => zero.codePointAt(0) ?? 0);

/** For PostgreSQL's translate(): the digits of those scripts, and the same in our own. */
export const foreignDigits = {
  from: [...zeros, 0xff10]
    .flatMap((zero) => Array.from({ length: 10 }, (_, n) => String.fromCodePoint(zero + n)))
    .join(""),
  to: "0123456789".repeat(zeros.length + 1),
};

/** What may be a number in a cell: the whole of it, and each stretch of digits in one that holds more. */
export const findNumbers = (cell: string): string[] => [
  cell,
  ...(cell.match(/\+?[\p{Nd}(][\p{Nd}\s().\p{Pd}]{5,}/gu) ?? []),
];

function toPlainDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  const zero = zeros.find((first) => code >= first && code < first + 10);
  return zero === undefined ? digit : String(code - zero);
}

/** What nearly every number is written with. */
const plain = /^'?[\d ()+\-/.]+$/;
/** May come from a program that took the column for decimal numbers. */
const decimal = /\.0+ *$/;
const plainSeparators = /[' ().\-/]/g;

/** E.164, or why not, in words for the person who typed it or whose file it is. Never guesses. */
export function normalizePhone(text: string, defaultCountry: string): NormalizedPhone {
  const phone = readPlain(text, defaultCountry);
  return phone === null ? parsePhone(text, defaultCountry) : { phone };
}

/** The result for a number that is written plainly and whose validity is beyond doubt. */
function readPlain(text: string, defaultCountry: string): string | null {
  if (text.length > 40 || !plain.test(text) || decimal.test(text)) return null;
  const compact = text.replace(plainSeparators, "");
  const digits = compact.startsWith("+")
    ? compact.slice(1)
    : compact.startsWith("00")
      ? compact.slice(2)
      : compact;
  if (digits.length < 6 || digits.length > 17 || digits.includes("+")) return null;
  return digits === compact ? readNational(digits, defaultCountry) : readInternational(digits);
}

/** The same by libphonenumber-js alone, slower, for whatever it is given. */
export function parsePhone(text: string, defaultCountry: string): NormalizedPhone {
  const clean = text
    .normalize("NFKC")
    .replace(invisible, "")
    .replace(/\p{Nd}/gu, toPlainDigit)
    .trim()
    .replace(/^(?:['’‘`]|tel:)+\s*/i, "");
  if (clean === "") return { reason: "The phone number is missing" };
  if (scientific.test(clean)) {
    return {
      reason: `A spreadsheet shortened this number to “${clean}”: its last digits are lost. Format the column as text and enter it again`,
    };
  }
  if (/\p{L}/u.test(clean)) return { reason: "A phone number cannot contain letters" };

  // A column that a program took for decimal numbers.
  const compact = clean.replace(/^(\+?\d{6,})[.,]0+$/, "$1").replace(separators, "");
  const digits = compact.replace(/^\+|^00/, "");
  const isInternational = digits !== compact;
  const foreign = digits.match(/[^\d+]/)?.[0];
  if (foreign) return { reason: `A phone number cannot contain “${foreign}”` };
  if (digits.includes("+")) return { reason: "The + belongs in front of the country code, once" };
  if (digits.length < 6) return { reason: "The phone number is too short" };
  if (digits.length > 17) return { reason: "The phone number is too long" };

  return isInternational ? fromInternational(`+${digits}`) : fromNational(digits, defaultCountry);
}

function fromInternational(number: string): NormalizedPhone {
  if (reserved.test(number)) return { phone: number };
  // Mexico dropped the 1 after its country code in 2019; address books and WhatsApp still write it.
  const current = number.replace(/^\+521(?=\d{10}$)/, "+52");
  const parsed = parsePhoneNumberFromString(current, { extract: false });
  return acceptable(parsed) ?? { reason: reasonFor(current, parsed?.country) };
}

function fromNational(digits: string, defaultCountry: string): NormalizedPhone {
  const country = isSupportedCountry(defaultCountry) ? defaultCountry : undefined;
  if (!country) return { reason: "Write the number with + and its country code" };
  const parsed = parsePhoneNumberFromString(digits, { defaultCountry: country, extract: false });
  return (
    acceptable(parsed) ?? {
      reason: `${reasonFor(digits, country)}. A number of another country starts with + and the country code`,
    }
  );
}

function acceptable(parsed: PhoneNumber | undefined): NormalizedPhone | null {
  if (!parsed || !e164.test(parsed.number)) return null;
  return parsed.isValid() || reserved.test(parsed.number) ? { phone: parsed.number } : null;
}

function reasonFor(number: string, country: CountryCode | undefined): string {
  const place = country ? ` for ${countryNames.of(country)}` : "";
  switch (validatePhoneNumberLength(number, country)) {
    case "TOO_SHORT":
      return `The phone number is too short${place}`;
    case "TOO_LONG":
      return `The phone number is too long${place}`;
    case "INVALID_COUNTRY":
      return "No country has this country code";
    default:
      return `No phone number${place} looks like this`;
  }
}
