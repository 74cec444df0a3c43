import type { MediaKind } from "@/lib/media/schema";

const MEGABYTE = 1024 * 1024;

/** Meta takes documents of up to 100 MB; here they are held in memory on their way, so they may have 16. */
export const maxMegabytes: Record<MediaKind, number> = { image: 5, video: 16, document: 16 };
export const maxBytesOf = (kind: MediaKind) => maxMegabytes[kind] * MEGABYTE;

/** For `<input accept>`. */
export const acceptOf: Record<MediaKind, string> = {
  image: "image/jpeg,image/png",
  video: "video/mp4,video/3gpp",
  document: ".pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx",
};

/** Files of each kind, in words. Source: Meta, "Supported media types" (October 2026). */
export const kindWords: Record<MediaKind, { name: string; formats: string }> = {
  image: { name: "image", formats: "JPEG or PNG" },
  video: { name: "video", formats: "MP4 or 3GP" },
  document: { name: "document", formats: "PDF, Word, Excel or PowerPoint" },
};

/** "an image", "a video". */
export const aKind = (kind: MediaKind) => `${kind === "image" ? "an" : "a"} ${kindWords[kind].name}`;

/** "JPEG or PNG, up to 5 MB". */
export const limitsOf = (kind: MediaKind) => `${kindWords[kind].formats}, up to ${maxMegabytes[kind]} MB`;

/** The most megabytes that a file may have as far as its type, as the browser has it, tells. */
export const megabytesFor = (mimeType: string, kinds: MediaKind[]) =>
  mimeType.startsWith("image/") ? maxMegabytes.image : Math.max(...kinds.map((kind) => maxMegabytes[kind]));
