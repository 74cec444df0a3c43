import * as z from "zod";

const timeZone = z
  .string()
  .refine((zone) => Intl.supportedValuesOf("timeZone").includes(zone) || zone === "UTC", "Choose a time zone from the list");
const country = z.string().regex(/^[A-Z]{2}$/, "Choose a country");
const email = z.email("Enter a valid e-mail address").max(254).transform((text) => text.toLowerCase());
/** OWASP ASVS 5.0 6.2.1 and 6.2.9: at least 8 characters (15 advised), at least 64 allowed, no rules of composition. */
const password = z.string().min(10, "Use at least 10 characters").max(200, "Use at most 200 characters");

export const signUpSchema = z.object({
  email,
  password,
  businessName: z.string().trim().min(1, "Enter the name of your business").max(120),
  timeZone: timeZone.default("UTC"),
  defaultCountry: country.default("US"),
});
export type SignUp = z.infer<typeof signUpSchema>;

export const credentialsSchema = z.object({ email, password: z.string().min(1).max(200) });

export const profileSchema = z.object({
  businessName: z.string().trim().min(1, "Enter the name of your business").max(120),
  timeZone,
  defaultCountry: country,
});
export type Profile = z.infer<typeof profileSchema>;

export const changePasswordSchema = z.object({ currentPassword: z.string().min(1, "Enter your current password"), password });
export type ChangePassword = z.infer<typeof changePasswordSchema>;

const metaId = (what: string) => z.string().trim().regex(/^\d{5,20}$/, `The ${what} is a number of 5 to 20 digits`);
const secret = (what: string) => z.string().trim().min(1, `Enter the ${what}`).max(1000);

/** Secrets are write-only: left empty, the stored one stays. */
export const connectionSchema = z.object({
  wabaId: metaId("WhatsApp Business Account id"),
  phoneNumberId: metaId("phone number id"),
  appId: z.union([metaId("app id"), z.literal("")]).default(""),
  accessToken: z.union([secret("access token"), z.literal("")]).default(""),
  appSecret: z.union([secret("app secret"), z.literal("")]).default(""),
  webhookVerifyToken: z.union([secret("verify token"), z.literal("")]).default(""),
});
export type ConnectionInput = z.infer<typeof connectionSchema>;

/** What the check against the API found: one line each, in plain words. */
export type ConnectionReport = {
  isConnected: boolean;
  checks: { name: string; state: "ok" | "warning" | "error"; detail: string }[];
};
