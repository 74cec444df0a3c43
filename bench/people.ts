import type { ImportOptions } from "@/lib/imports/schema";

/**
 * People as they come in files: 3% without a usable number, 2% twice, numbers in four styles and of several countries,
 * quoted names, tags and two columns of their own.
 */
export type Person = {
  phone: string;
  name: string;
  email: string;
  tags: string;
  city: string;
  lastOrder: string;
};

export const columns = ["Phone", "Name", "E-mail", "Tags", "City", "Last order"];
export const defaultCountry = "IN";

/** As an owner would choose them. */
export const optionsFor = (agreed: boolean): ImportOptions => ({
  columns,
  mapping: {
    ...{ phone: "Phone", name: "Name", email: "E-mail", tags: "Tags" },
    custom: { City: "city", "Last order": "last_order" },
  },
  defaultCountry,
  tags: [],
  agreed,
  existing: "fill",
  duplicates: "first",
});

const firstNames = ["Asha", "Bruno", "Chiara", "Dmitri", "Elif", "Fatou", "Giulia", "Zoë", "José"];
const lastNames = [
  "Rao",
  "Costa",
  "Bianchi",
  "Volkov",
  "Demir",
  "Diallo",
  "Rossi",
  "Tanaka",
  "Silva",
  "Berg",
  "Nelson",
];
const badNumbers = ["9.19E+11", "12", "call me", "", "+999 1234567"];
/** Calling code and the first digits of mobile numbers with ten digits, the most frequent first. */
const plans: [callingCode: string, start: string][] = [
  ["91", "98"],
  ["91", "70"],
  ["91", "63"],
  ["1", "212"],
  ["49", "151"],
];

const spread = (index: number, range: number) => (Math.imul(index + 1, 2_654_435_761) >>> 0) % range;

function phoneOf(index: number): string {
  const [callingCode, start] = plans[index % plans.length] ?? ["91", "98"];
  // An odd multiplier modulo a power of ten visits every number once.
  const digits = String((BigInt(index) * 7_368_787n) % 10_000_000n).padStart(7, "0");
  const national = `${start}${start.length === 2 ? "4" : "2"}${digits}`.slice(0, 10).padEnd(10, "5");
  if (callingCode !== "91") return `+${callingCode} ${national.slice(0, 3)} ${national.slice(3)}`;
  switch (spread(index, 4)) {
    case 0:
      return `+91${national}`;
    case 1:
      return `0${national.slice(0, 5)} ${national.slice(5)}`;
    case 2:
      return `91${national}`;
    default:
      return `+91-${national.slice(0, 5)}-${national.slice(5)}`;
  }
}

export function personAt(index: number): Person {
  const name = `${firstNames[spread(index, 9)]} ${lastNames[spread(index, 11)]}`;
  const isBad = index % 100 < 3;
  const isDouble = index % 100 >= 98;
  return {
    phone: isBad ? (badNumbers[index % badNumbers.length] ?? "") : phoneOf(isDouble ? index - 50 : index),
    name: index % 50 === 0 ? `"${name}, Jr."` : name,
    email: index % 3 === 0 ? `person${index}@example.com` : "",
    tags: index % 4 === 0 ? "vip;spring" : index % 4 === 1 ? "spring" : "",
    city: `Town ${spread(index, 997)}`,
    lastOrder: `2026-0${1 + spread(index, 9)}-1${spread(index, 10)}`,
  };
}

export function* csvLines(count: number): Generator<string> {
  yield `${columns.join(",")}\n`;
  for (let index = 0; index < count; index++) {
    const { phone, name, email, tags, city, lastOrder } = personAt(index);
    yield `${phone},${name},${email},${tags},${city},${lastOrder}\n`;
  }
}
