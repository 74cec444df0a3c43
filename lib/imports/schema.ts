import * as z from "zod";
import { fieldKeySchema, statementSchema, tagsSchema } from "@/lib/contacts/schema";

export const MAX_FILE_BYTES = 200 * 1024 * 1024;
export const MAX_FILE_SIZE = "200 MB";

/** How long rejected rows and what was there before are kept: so long an import can be undone. */
export const KEPT_DAYS = 30;

export const uploadQuerySchema = z.object({
  fileName: z
    .string()
    .transform((name) => name.replace(/\p{Cc}+/gu, " ").trim())
    .pipe(z.string().min(1, "Name the file").max(200, "The name of the file is too long")),
});

export const importIdSchema = z.object({ importId: z.uuid() });

export const importedPeopleSchema = z.object({
  list: z.enum(["changed", "kept"]).default("changed"),
  /** The last contact of the page before. */
  after: z.uuid().optional().catch(undefined),
});

/** The name of a column as `openTable` made it: unique within the file. */
const column = z.string("Choose a column").min(1, "Choose a column").max(1000);

const hasNoDoubles = (custom: Record<string, string>) =>
  new Set(Object.values(custom)).size === Object.keys(custom).length;

/** Which column holds what. Columns that are not named here are not read. */
export const mappingSchema = z.object({
  phone: z
    .string("Choose the column with the phone numbers")
    .min(1, "Choose the column with the phone numbers"),
  name: column.exactOptional(),
  firstName: column.exactOptional(),
  lastName: column.exactOptional(),
  email: column.exactOptional(),
  tags: column.exactOptional(),
  /** Who agreed, when the file tells: only rows that say yes are opted in. */
  consent: column.exactOptional(),
  /** Column to the name of a custom field. */
  custom: z
    .record(column, fieldKeySchema)
    .refine(hasNoDoubles, "Two columns cannot go into the same custom field")
    .default({}),
});
export type Mapping = z.infer<typeof mappingSchema>;

/** What to do with people who are contacts already. */
export const existingModes = ["skip", "fill", "overwrite"] as const;

/** Which of the rows with the same number is taken. */
export const duplicateModes = ["first", "last"] as const;

const importOptions = {
  mapping: mappingSchema,
  /** The country of numbers written without one. */
  defaultCountry: z.string().regex(/^[A-Z]{2}$/, "Choose a country"),
  /** For everybody in the file. */
  tags: tagsSchema.default([]),
  /** "These people agreed to receive messages": without it nobody is opted in. */
  agreed: z.boolean().default(false),
  existing: z.enum(existingModes).default("fill"),
  duplicates: z.enum(duplicateModes).default("first"),
};

const consentStatement = statementSchema.default("");

const saysHow = ({ agreed, consentStatement }: { agreed: boolean; consentStatement: string }) =>
  !agreed || consentStatement.length >= 3;
const missingStatement = {
  path: ["consentStatement"],
  error: "Say how these people agreed to hear from you",
};

export const startImportSchema = z
  .object({ ...importOptions, consentStatement })
  .refine(saysHow, missingStatement);
export type StartImport = z.infer<typeof startImportSchema>;

/** The choices beside the columns, for the form. */
export const importChoicesSchema = z
  .object({ ...importOptions, consentStatement })
  .omit({ mapping: true })
  .refine(saysHow, missingStatement);

/** What `imports.mapping` holds once an import was started. */
export const importOptionsSchema = z.object({ ...importOptions, columns: z.array(z.string()) });
export type ImportOptions = z.infer<typeof importOptionsSchema>;

export type RejectedRow = {
  /** Of the file, counted from 1; the header is a line too. */
  line: number;
  /** Nothing is wrong with it, but another row with the same number was taken. */
  isDuplicate: boolean;
  reason: string;
  cells: string[];
};

/** Whom an import changed, or whom undoing it left alone. */
export type ImportedPerson = {
  id: string;
  name: string | null;
  phone: string | null;
  line: number | null;
  /** As it was before the import; null for a person whom the import created. */
  before: {
    name: string | null;
    email: string | null;
    tags: string[];
    metadata: Record<string, string>;
  } | null;
  /** Why undoing left them alone. */
  kept: keyof typeof keptReasons | null;
};

export const keptReasons = {
  messages: "Messages were exchanged with them since",
  consent: "Their consent was changed since",
  import: "A newer import changed them",
  edited: "They were edited since",
} as const;
