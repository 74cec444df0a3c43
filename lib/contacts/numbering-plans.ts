import type { CountryCode } from "libphonenumber-js/min";
import metadata from "libphonenumber-js/min/metadata";

/**
 * libphonenumber-js builds its regular expressions anew for every number, 8 µs each. This compiles them once from the
 * library's own metadata and follows its parser step by step. It answers only where it is sure that the library would
 * say the same; null means "ask the library". Where the fields stand in the metadata: METADATA.md of libphonenumber-js.
 */
type Plan = {
  callingCode: string;
  idd: RegExp;
  pattern: RegExp;
  lengths: readonly number[];
  prefix: RegExp | null;
  leadingDigits: RegExp | null;
  /** Only where countries share a calling code. */
  types: readonly { pattern: RegExp; lengths: readonly number[] }[] | null;
};

/** As the metadata of one country is laid out. */
type Fields = {
  readonly 0: string;
  readonly 1?: string | 0;
  readonly 2: string;
  readonly 3: number[];
  readonly 5?: string | 0;
  readonly 7?: string | 0;
  readonly 10?: string | 0;
  readonly 11?: ([string, number[]?] | 0)[] | 0;
};

const entirely = (pattern: string) => new RegExp(`^(?:${pattern})$`);
const atStart = (pattern: string) => new RegExp(`^(?:${pattern})`);

function compile(fields: Fields): Plan {
  const prefix = fields[7] || fields[5];
  return {
    callingCode: fields[0],
    idd: atStart(String(fields[1])),
    pattern: entirely(fields[2]),
    lengths: fields[3],
    prefix: prefix ? atStart(prefix) : null,
    leadingDigits: fields[10] ? atStart(fields[10]) : null,
    types: fields[11]
      ? fields[11]
          .filter((type) => type !== 0)
          .filter(([pattern]) => pattern !== "")
          .map(([pattern, lengths]) => ({ pattern: entirely(pattern), lengths: lengths ?? fields[3] }))
      : null,
  };
}

/** Compiled when first asked for: most accounts meet few countries. */
function compiling(all: Record<string, unknown>) {
  const plans = new Map<string, Plan | undefined>();
  return (key: string): Plan | undefined => {
    if (!plans.has(key)) plans.set(key, Object.hasOwn(all, key) ? compile(all[key] as Fields) : undefined);
    return plans.get(key);
  };
}

const planOf = compiling(metadata.countries);
const planOfNoCountry = compiling(
  (metadata as { nonGeographic?: Record<string, unknown> }).nonGeographic ?? {},
);
const countriesOf = new Map(Object.entries(metadata.country_calling_codes));

const isValid = ({ pattern, types }: Plan, national: string) =>
  pattern.test(national) &&
  (types === null ||
    types.some((type) => type.lengths.includes(national.length) && type.pattern.test(national)));

/** Whose number this is among the countries that share a calling code. */
function findPlan(callingCode: string, national: string): Plan | undefined {
  const countries: readonly CountryCode[] = countriesOf.get(callingCode) ?? [];
  const [first] = countries;
  if (first && countries.length === 1) return planOf(first);
  for (const country of countries) {
    const plan = planOf(country);
    const isIts = plan?.leadingDigits
      ? plan.leadingDigits.test(national)
      : plan?.types && isValid(plan, national);
    if (isIts) return plan;
  }
  return undefined;
}

/** Without the prefix for calls within the country. Null where a rule rewrites the number. */
function withoutPrefix(plan: Plan, digits: string): string | null {
  const match = plan.prefix?.exec(digits);
  if (!match) return digits;
  if (match.length > 1 && match.at(-1)) return null;
  const rest = digits.slice(match[0].length);
  if (rest === digits) return digits;
  if (plan.pattern.test(digits) && !plan.pattern.test(rest)) return digits;
  const { lengths } = findPlan(plan.callingCode, rest) ?? plan;
  const isPossible = lengths.includes(rest.length) || rest.length > (lengths.at(-1) ?? 0);
  return isPossible ? rest : digits;
}

function accept(callingCode: string, national: string, plan: Plan): string | null {
  const number = `+${callingCode}${national}`;
  return number.length >= 8 && number.length <= 16 && isValid(plan, national) ? number : null;
}

function readAfterCode(callingCode: string, digits: string): string | null {
  const [main] = countriesOf.get(callingCode) ?? [];
  const plan = main ? planOf(main) : planOfNoCountry(callingCode);
  const national = plan && withoutPrefix(plan, digits);
  return national ? accept(callingCode, national, findPlan(callingCode, national) ?? plan) : null;
}

/** `digits` begins with a calling code. */
export function readInternational(digits: string): string | null {
  if (digits.startsWith("0")) return null;
  for (let length = 1; length <= 3; length++) {
    const callingCode = digits.slice(0, length);
    if (countriesOf.has(callingCode) || planOfNoCountry(callingCode))
      return readAfterCode(callingCode, digits.slice(length));
  }
  return null;
}

/** `digits` as they are dialed within the country, or with its calling code and no +. */
export function readNational(digits: string, country: string): string | null {
  const plan = planOf(country);
  if (!plan || plan.idd.test(digits)) return null;
  const { callingCode } = plan;
  const national = withoutPrefix(plan, digits);
  if (national === null) return null;
  if (digits.startsWith(callingCode)) {
    const shorter = digits.slice(callingCode.length);
    const shorterNational = withoutPrefix(plan, shorter);
    if (shorterNational === null) return null;
    const hasCode = !plan.pattern.test(national) && plan.pattern.test(shorterNational);
    if (hasCode || national.length > (plan.lengths.at(-1) ?? 0)) return readAfterCode(callingCode, shorter);
  }
  return accept(callingCode, national, findPlan(callingCode, national) ?? plan);
}
