import * as z from "zod";

export const mediaKinds = ["image", "video", "document"] as const;
export type MediaKind = (typeof mediaKinds)[number];

const fileName = z
  .string()
  .trim()
  .min(1, "Name the file")
  .max(200, "The name of the file is too long")
  .regex(/^[^\p{Cc}]*$/u, "The name of the file contains characters that names may not have");

export const uploadQuerySchema = z.object({ fileName });

/** A file that WhatsApp keeps for the number that uploaded it. */
export const mediaSchema = z.object({
  mediaId: z.string().regex(/^\d{1,32}$/, "Choose the file again"),
  kind: z.enum(mediaKinds),
  fileName,
  phoneNumberId: z.string().min(1).max(64),
  uploadedAt: z.iso.datetime({ offset: true }),
});
export type Media = z.infer<typeof mediaSchema>;
