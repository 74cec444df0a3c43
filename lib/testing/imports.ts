import { db } from "@/lib/db";
import { runImport } from "@/lib/import-runs/service";
import { type StartImport, startImportSchema } from "@/lib/imports/schema";
import { getImport, startImport, uploadImport } from "@/lib/imports/service";
import type { UserId } from "@/lib/tenant";

type File = string | Uint8Array<ArrayBuffer>;
type Choices = Partial<StartImport>;

export const upload = async (userId: UserId, file: File) =>
  (await uploadImport(userId, "people.csv", new Blob([file]).stream())).id;

/** A file with the usual columns. */
export const rows = (...lines: string[]) => ["phone,name,tags,city", ...lines].join("\n");

export const choices = (changes: Choices = {}): StartImport =>
  startImportSchema.parse({
    mapping: { phone: "phone", name: "name", tags: "tags", custom: { city: "city" } },
    defaultCountry: "IN",
    agreed: true,
    consentStatement: "Signed at the counter",
    ...changes,
  });

/** From the file to the result. */
export async function importFile(userId: UserId, file: File, changes: Choices = {}) {
  const id = await upload(userId, file);
  await startImport(userId, id, choices(changes));
  await runImport(userId, id);
  return getImport(userId, id);
}

/** Asks again as long as another import of the account is at work, as the job engine does. */
export async function runToEnd(userId: UserId, importId: string): Promise<void> {
  while ((await runImport(userId, importId)) === "busy") await new Promise(setImmediate);
}

type Counts = Record<
  | "totalRows"
  | "createdCount"
  | "updatedCount"
  | "unchangedCount"
  | "skippedCount"
  | "rejectedCount"
  | "duplicateCount",
  number
>;

/** Rows, created, updated, unchanged, skipped, rejected, duplicates. */
export const countsOf = (counts: Counts) => [
  counts.totalRows,
  counts.createdCount,
  counts.updatedCount,
  counts.unchangedCount,
  counts.skippedCount,
  counts.rejectedCount,
  counts.duplicateCount,
];

export const people = (userId: UserId) =>
  db.contact.findMany({
    where: { userId },
    select: { phone: true, name: true, tags: true, metadata: true, optedIn: true },
    orderBy: { phone: "asc" },
  });

export async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
}
