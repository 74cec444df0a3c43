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

export type MediaType = { kind: MediaKind; mimeType: string };

/** So many bytes tell the family of a file. */
export const HEAD_BYTES = 12;

const mp4Brands = /^(isom|iso\d|mp4\d|avc1|M4V |MSNV|dash|mmp4)$/;

type Family = { kind: MediaKind; typeOf: (bytes: Buffer) => string | null };
const always = (mimeType: string) => () => mimeType;

const office = "application/vnd.openxmlformats-officedocument";
/** Parts that are in every file of a kind, under the names that the container keeps in clear. */
const openXml: [part: string, mimeType: string][] = [
  ["word/document.xml", `${office}.wordprocessingml.document`],
  ["xl/workbook.", `${office}.spreadsheetml.sheet`],
  ["ppt/presentation.xml", `${office}.presentationml.presentation`],
];
const compound: [part: string, mimeType: string][] = [
  ["WordDocument", "application/msword"],
  ["Workbook", "application/vnd.ms-excel"],
  ["PowerPoint Document", "application/vnd.ms-powerpoint"],
];
const containing = (parts: typeof openXml, encoding: BufferEncoding) => (bytes: Buffer) =>
  parts.find(([part]) => bytes.includes(part, 0, encoding))?.[1] ?? null;

/** Told by its first bytes and by nothing that somebody says about it. Null: WhatsApp would not take it. */
export function familyOf(head: Buffer): Family | null {
  const startsWith = (hex: string) => head.toString("hex", 0, hex.length / 2) === hex;
  if (startsWith("ffd8ff")) return { kind: "image", typeOf: always("image/jpeg") };
  if (startsWith("89504e470d0a1a0a")) return { kind: "image", typeOf: always("image/png") };
  if (startsWith("255044462d")) return { kind: "document", typeOf: always("application/pdf") };
  if (startsWith("504b0304")) return { kind: "document", typeOf: containing(openXml, "latin1") };
  if (startsWith("d0cf11e0a1b11ae1")) return { kind: "document", typeOf: containing(compound, "utf16le") };
  if (head.toString("latin1", 4, 8) !== "ftyp") return null;
  const brand = head.toString("latin1", 8, 12);
  if (/^3g[epgrs]/.test(brand)) return { kind: "video", typeOf: always("video/3gpp") };
  return mp4Brands.test(brand) ? { kind: "video", typeOf: always("video/mp4") } : null;
}
