import { hash } from "./random";

/** A WhatsApp user as one business portfolio sees him. `phone` is what was dialled, `waId` the canonical id. */
export type Person = {
  phone: string | null;
  waId: string | null;
  userId: string;
  name: string;
  /** A user with a username whose number the business may not see (page "Business-scoped user IDs"). */
  hidden: boolean;
};

/** No prefix begins with another one. */
const countries: ReadonlyMap<string, string> = new Map([
  ["91", "IN"],
  ["44", "GB"],
  ["49", "DE"],
  ["55", "BR"],
  ["52", "MX"],
  ["54", "AR"],
  ["33", "FR"],
  ["34", "ES"],
  ["39", "IT"],
  ["62", "ID"],
  ["234", "NG"],
  ["27", "ZA"],
  ["971", "AE"],
  ["966", "SA"],
  ["977", "NP"],
  ["65", "SG"],
  ["60", "MY"],
  ["92", "PK"],
  ["880", "BD"],
  ["90", "TR"],
  ["20", "EG"],
  ["254", "KE"],
  ["57", "CO"],
  ["1", "US"],
]);

const names = [
  "Sheena Nelson",
  "Asha Patel",
  "Zoë Müller",
  "Pablo Morales",
  "Ngozi Okafor",
  "José Álvarez",
  "आशा शर्मा",
  "Mei Lin",
  "Tomás Ferreira",
  "Fatima Al-Sayed",
  "Jonas Berg",
  "Priya 🌼",
];

export const digitsOf = (phone: string): string => (/^\d+$/.test(phone) ? phone : phone.replace(/\D/g, ""));

/** Meta's canonical id differs from the dialled number for some countries (Mexico, Brazil, Argentina). */
export function toWaId(digits: string): string {
  if (!digits.startsWith("5")) return digits;
  if (/^52[2-9]\d{9}$/.test(digits)) return `521${digits.slice(2)}`;
  if (/^55[3-9]\d9\d{8}$/.test(digits)) return digits.slice(0, 4) + digits.slice(5);
  if (/^54[1-8]\d{9}$/.test(digits)) return `549${digits.slice(2)}`;
  return digits;
}

const countryOf = (digits: string): string =>
  countries.get(digits.slice(0, 2)) ??
  countries.get(digits.slice(0, 3)) ??
  countries.get(digits.slice(0, 1)) ??
  "ZZ";

/** Business-scoped user ids are unique per portfolio and user: country code, dot, up to 128 alphanumerics. */
export function personOf(businessId: string, digits: string): Person {
  const waId = toWaId(digits);
  const key = `${businessId}:${waId}`;
  const number = String(hash(key)).padStart(16, "1") + String(hash(key, 7)).slice(0, 4).padStart(4, "0");
  return {
    phone: digits,
    waId,
    userId: `${countryOf(digits)}.${number}`,
    name: nameOf(waId),
    hidden: digits.endsWith("0014"),
  };
}

export const personOfUserId = (userId: string): Person => ({
  phone: null,
  waId: null,
  userId,
  name: nameOf(userId),
  hidden: true,
});

const nameOf = (key: string): string => names[hash(key, 3) % names.length] ?? "Sheena Nelson";
