import * as z from "zod";
import { daySchema, textSchema } from "@/lib/storable";

/** One line of text with single spaces. PostgreSQL cannot store NUL, and nobody wants the other control characters. */
const line = (max: number, what: string) =>
  z
    .string()
    .trim()
    .max(max, `${what} can have at most ${max} characters`)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, `${what} must be one line of text`)
    .overwrite((text) => text.replace(/\s+/g, " "));

const emptyable = (max: number, what: string) =>
  line(max, what)
    .transform((text) => text || null)
    .nullable();

const phone = line(40, "A phone number").min(1, "Enter a phone number");
export const MAX_NAME = 200;
const name = emptyable(MAX_NAME, "A name");
const email = z.union([
  z.literal("").transform(() => null),
  z.null(),
  z.email("Enter a valid e-mail address").max(254),
]);

export const tagSchema = line(50, "A tag").min(1, "A tag cannot be empty");
export const tagsSchema = z.array(tagSchema).max(50, "At most 50 tags").transform(uniqueTags);

/** What the built-in columns are called wherever custom fields appear beside them. */
const builtIn = ["phone", "name", "firstname", "lastname", "email", "tags", "opted in"];
export const fieldKeySchema = line(40, "The name of a field")
  .min(1, "Name the field")
  .refine(
    (key) => !builtIn.includes(key.toLowerCase()),
    "This name belongs to a built-in field; choose another one",
  );
/** As many as a file may have columns, so that whoever was imported can be edited. */
const MAX_FIELDS = 200;
const tooManyFields = `At most ${MAX_FIELDS} custom fields`;
export const fieldValueSchema = line(1000, "A value");
export const metadataSchema = z
  .record(fieldKeySchema, fieldValueSchema)
  .refine((fields) => Object.keys(fields).length <= MAX_FIELDS, tooManyFields)
  .transform((fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== "")));

/** Tags that differ only in case are one: the first spelling stays. */
export function uniqueTags(tags: string[]): string[] {
  const seen = new Set<string>();
  return tags.filter((tag) => !seen.has(tag.toLowerCase()) && seen.add(tag.toLowerCase()));
}

/** How people agreed, in the owner's words. */
export const statementSchema = textSchema.max(1000, "At most 1,000 characters");

/** How a person agreed. The date is a day of the account's time zone; without one it is now. */
const agreement = {
  wording: statementSchema.min(3, "Say how this person agreed"),
  agreedOn: z.union([daySchema, z.literal("").transform(() => undefined)]).optional(),
};

export const createContactSchema = z.object({
  phone,
  name: name.default(null),
  email: email.default(null),
  tags: tagsSchema.default([]),
  metadata: metadataSchema.default({}),
  /** Without it the person is stored, but not opted in. */
  consent: z.object(agreement).nullable().default(null),
});
export type CreateContact = z.infer<typeof createContactSchema>;

export const updateContactSchema = z.object({
  phone: phone.exactOptional(),
  name: name.exactOptional(),
  email: email.exactOptional(),
  tags: tagsSchema.exactOptional(),
  metadata: metadataSchema.exactOptional(),
});
export type UpdateContact = z.infer<typeof updateContactSchema>;

/** What the form holds: custom fields as a list, and consent as a question with an answer. */
export const contactFormSchema = z
  .object({
    phone: line(40, "A phone number"),
    name,
    email,
    tags: tagsSchema,
    fields: z
      .array(z.object({ key: fieldKeySchema, value: fieldValueSchema }))
      .max(MAX_FIELDS, tooManyFields),
    agreed: z.boolean(),
    wording: statementSchema,
    agreedOn: z.string(),
  })
  .superRefine(({ fields, agreed, wording }, context) => {
    const keys = fields.map(({ key }) => key);
    for (const [index, key] of keys.entries()) {
      if (keys.indexOf(key) < index) {
        context.addIssue({
          code: "custom",
          path: ["fields", index, "key"],
          message: "This field is there twice",
        });
      }
    }
    if (agreed && wording.length < 3) {
      context.addIssue({ code: "custom", path: ["wording"], message: "Say how this person agreed" });
    }
  });
export type ContactForm = z.infer<typeof contactFormSchema>;

export const optInSchema = z.object(agreement);

export const setConsentSchema = z.discriminatedUnion("action", [
  z.object({ action: z.literal("opt_in"), ...agreement }),
  z.object({ action: z.literal("opt_out"), wording: statementSchema.optional() }),
]);
export type SetConsent = z.infer<typeof setConsentSchema>;

export const blockContactSchema = z.object({
  blocked: z.boolean(),
  reason: line(200, "The reason").optional(),
});

export const contactIdSchema = z.object({ contactId: z.uuid() });
