import * as z from "zod";
import { fold } from "@/lib/consent/words";
import { textSchema } from "@/lib/storable";

const linesOf = (text: string) => text.split(/\r?\n/);

/** One word or phrase per line of a text, or a list. The same word in another spelling is there once. */
const words = z
  .union([z.string().max(20_000).transform(linesOf), z.array(z.string())])
  .transform((lines) => {
    const seen = new Set<string>();
    return lines
      .map((line) => line.trim().replace(/\s+/g, " "))
      .filter((line) => line !== "" && !seen.has(fold(line)) && seen.add(fold(line)));
  })
  .pipe(
    z
      .array(
        z
          .string()
          .max(60, "A word or phrase can have at most 60 characters")
          .refine(
            (word) => fold(word) !== "",
            "Use letters or digits: emoji and punctuation are not compared",
          ),
      )
      .max(500, "At most 500 words"),
  );

export const consentSettingsSchema = z
  .object({
    optOutWords: words.refine(
      (list) => list.length > 0,
      "Keep at least one word with which people can opt out",
    ),
    optInWords: words.refine(
      (list) => list.length > 0,
      "Keep at least one word with which people can come back",
    ),
    confirmsOptOut: z.boolean(),
    /** Empty: the built-in text. */
    optOutReply: textSchema.max(1000, "At most 1,000 characters"),
  })
  .superRefine(({ optOutWords, optInWords }, context) => {
    const out = new Set(optOutWords.map(fold));
    const both = optInWords.find((word) => out.has(fold(word)));
    if (!both) return;
    const message = `“${both}” is in both lists. Take it out of one: a word can either stop messages or bring them back.`;
    context.addIssue({ code: "custom", path: ["optInWords"], message });
  });
export type ConsentSettings = z.infer<typeof consentSettingsSchema>;
