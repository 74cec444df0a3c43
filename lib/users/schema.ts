import * as z from "zod";

/** PostgreSQL stores no NUL, and a name with control characters is a mistake or worse. */
const businessName = z
  .string()
  .trim()
  .min(1, "Enter the name of your business")
  .max(120, "Use at most 120 characters")
  .regex(/^\P{Cc}*$/u, "Use letters, digits and spaces only");

/** By trial, not by list: browsers and servers name the same zone differently (Asia/Calcutta, Asia/Kolkata). */
function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return /^[A-Za-z]/.test(zone);
  } catch {
    return false;
  }
}

const timeZone = z.string().refine(isTimeZone, "Choose a time zone from the list");
const country = z.string().regex(/^[A-Z]{2}$/, "Choose a country from the list");
const email = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email("Enter a valid e-mail address").max(254, "Enter a valid e-mail address"));

/** OWASP ASVS 5.0 6.2.1 and 6.2.9: at least 8 characters (15 advised), at least 64 allowed, no rules of composition. */
const password = z.string().min(10, "Use at least 10 characters").max(200, "Use at most 200 characters");

export const signUpSchema = z.object({
  email,
  password,
  businessName,
  timeZone: timeZone.default("UTC"),
  /** Guessed from the time zone when it is missing. */
  defaultCountry: country.optional(),
});
export type SignUp = z.infer<typeof signUpSchema>;

export const credentialsSchema = z.object({
  email,
  password: z.string().min(1, "Enter your password").max(200, "Use at most 200 characters"),
});
export type SignInCredentials = z.infer<typeof credentialsSchema>;

export const profileSchema = z.object({ businessName, timeZone, defaultCountry: country });
export type Profile = z.infer<typeof profileSchema>;

const wholeNumber = (from: number, to: number) => {
  const words = `Enter ${from} to ${to.toLocaleString("en")}`;
  return z.int("Enter a whole number").min(from, words).max(to, words);
};

export const sendingSchema = z.object({
  messagesPerSecond: wholeNumber(1, 1000),
  /** A campaign pauses itself when more than this share (%) of its last hundred messages failed. */
  brakePercent: wholeNumber(1, 100),
});
export type SendingSettings = z.infer<typeof sendingSchema>;

export const changePasswordSchema = z.object({
  currentPassword: z.string().min(1, "Enter your current password").max(200, "Use at most 200 characters"),
  password,
});
export type ChangePassword = z.infer<typeof changePasswordSchema>;

const metaId = (what: string) =>
  z
    .string()
    .trim()
    .regex(/^\d{5,20}$/, `The ${what} is a number of 5 to 20 digits`);

const secret = z
  .string()
  .trim()
  .max(1000, "Use at most 1,000 characters")
  .regex(/^[\x21-\x7e]*$/, "Copy it again: it must not contain spaces or special characters")
  .default("");

/** Secrets are write-only: left empty, the stored one stays. */
export const connectionSchema = z.object({
  wabaId: metaId("WhatsApp Business Account id"),
  phoneNumberId: metaId("phone number id"),
  appId: z.union([z.literal(""), metaId("app id")]).default(""),
  accessToken: secret,
  appSecret: secret,
  webhookVerifyToken: secret,
});
export type ConnectionInput = z.infer<typeof connectionSchema>;

export type ConnectionCheck = {
  name: string;
  state: "ok" | "warning" | "error";
  detail: string;
  /** The field of the form that the owner would have to change. */
  field: keyof ConnectionInput | null;
};

/** What the check against the API found: one line each, in plain words. */
export type ConnectionReport = { isConnected: boolean; checks: ConnectionCheck[] };
